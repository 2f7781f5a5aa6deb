/**
 * A container on two networks, and answers about it. Answers about this very host are compared with what was seen here;
 * answers about the student's own machine, which nobody here has seen, with each other and with what Docker does.
 */
import { comparedWith } from '../helpers/judge/answers/busybox-consistency.ts';
import type { BusyboxQuestion } from '../helpers/judge/answers/busybox-questions.ts';
import { specOf, expect, type Need } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import {
  attached,
  comparable,
  onTheDefaultBridgeAndOneMore,
  running,
  settled,
} from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './inspect-busybox.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const busybox = lab.role('busybox');
const itRuns = need('containers-running', () => running(busybox));
const isOnDefaultBridge = need('two-networks', () => attached(busybox, lab.defaultBridge()));
const isOnBoth = need('two-networks', () => onTheDefaultBridgeAndOneMore(busybox));
const isAboutThisHost = lab.survey.answers?.aboutThisHost === true;

criterion('containers-running', () => {
  expect([busybox]).toRunAndStayUp();
  expect(busybox).toComeFromTheImage('busybox');
});

criterion('two-networks', { needs: [need('containers-running', () => settled(busybox))] }, () => {
  expect(busybox).toBeOnTheDefaultBridgeAndOneMore();
});

criterion('ping-both-addresses', { needs: [itRuns, isOnBoth] }, () => {
  expect(busybox).toAnswerThePingsOfTheHost();
});

/** @param needs Of an exact answer: what it is compared with. */
function question(id: BusyboxQuestion, needs: Need[]): void {
  if (isAboutThisHost) {
    criterion(id, { needs }, () => {
      expect(lab).toAnswerExactly(id, busybox);
    });
    return;
  }
  const earlier = comparedWith(id);
  criterion(id, { needs: earlier === undefined ? [] : [need(earlier, () => comparable(id, lab))] }, () => {
    expect(lab).toAnswerConsistently(id);
  });
}

question('q1', [itRuns]);
question('q2', [itRuns, isOnDefaultBridge]);
question('q3', [itRuns, isOnDefaultBridge]);
question('q4', [itRuns, isOnDefaultBridge]);
question('q5', []);
question('q6', []);
question('q7', []);
question('q8', []);
question('q9', [itRuns, isOnBoth]);
question('q10', [itRuns, isOnBoth]);
question('q11', []);
