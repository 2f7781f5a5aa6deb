/** What the Jenkins project's JUnit schema allows: elements, their order, and attributes with their types. */
import type { Element } from './xml.ts';

const text = /^[^]*$/;
const count = /^\d+$/;
const time = /^\d+(\.\d+)?$/;
const needed = (pattern: RegExp): [RegExp, 'needed'] => [pattern, 'needed'];

interface Rule {
  attributes: Record<string, RegExp | [RegExp, 'needed']>;
  /** The names of its children, joined by spaces. */
  children: RegExp;
}

const outcome: Rule = { attributes: { message: text, type: text }, children: /^$/ };
const RULES: Record<string, Rule> = {
  testsuites: {
    attributes: { name: text, time, tests: count, failures: count, errors: count, disabled: count },
    children: /^(testsuite ?)*$/,
  },
  testsuite: {
    attributes: {
      name: needed(text),
      tests: needed(count),
      failures: count,
      errors: count,
      skipped: count,
      time,
      timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    },
    children: /^(properties ?)?(testcase ?)*(system-out ?)?(system-err ?)?$/,
  },
  properties: { attributes: {}, children: /^(property ?)+$/ },
  property: { attributes: { name: needed(text), value: needed(text) }, children: /^$/ },
  testcase: {
    attributes: { name: needed(text), classname: needed(text), time },
    children: /^(skipped|error|failure)?$/,
  },
  skipped: { attributes: { message: text }, children: /^$/ },
  error: outcome,
  failure: outcome,
  'system-out': { attributes: {}, children: /^$/ },
};

/** What is wrong by the schema, and with the counts; empty when nothing is. */
export function junitErrors(element: Element): string[] {
  const { name, attributes, children } = element;
  const rule = RULES[name];
  if (rule === undefined) return [`there is no element ${name}`];
  const rules = Object.entries(rule.attributes).map(([key, each]) => [key, ...(Array.isArray(each) ? each : [each])]);
  const missing = rules.filter(([key, , need]) => need !== undefined && !(String(key) in attributes));
  const wrong = Object.entries(attributes).filter(([key, value]) => {
    const pattern = rules.find(([known]) => known === key)?.[1];
    return !(pattern instanceof RegExp) || !pattern.test(value);
  });
  return [
    ...missing.map(([key]) => `${name} has no ${String(key)}`),
    ...wrong.map(([key, value]) => `${name} has ${key}="${value}"`),
    ...(rule.children.test(children.map((child) => child.name).join(' ')) ? [] : [`${name} has other children`]),
    ...countErrors(element),
    ...children.flatMap(junitErrors),
  ];
}

function countErrors(element: Element): string[] {
  if (!element.name.startsWith('testsuite')) return [];
  const cases = all(element, 'testcase');
  const having = (name: string): string => String(cases.filter(({ children }) => children[0]?.name === name).length);
  const { tests, failures, errors, skipped = having('skipped') } = element.attributes;
  const counts = [tests, failures, errors, skipped].join(' ');
  const real = [cases.length, having('failure'), having('error'), having('skipped')].join(' ');
  return counts === real ? [] : [`${element.name} counts ${counts}, and has ${real}`];
}

/** Every element of this name, however deep. */
export function all(element: Element, name: string): Element[] {
  const inside = element.children.flatMap((child) => all(child, name));
  return element.name === name ? [element, ...inside] : inside;
}
