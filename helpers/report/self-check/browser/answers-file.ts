/** The file that a student hands in. */

/** @param choices By question; a question without one gets an empty list. */
export function answersYaml(questions: string[], choices: Record<string, string>): string {
  const lines = questions.map((id) => `${id}: [${Array.from(choices[id] ?? '').join(', ')}]`);
  return ['# Put this file into submissions/<you>/self-check/answers.yaml', ...lines, ''].join('\n');
}

/** Hands a text to the browser as a download. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
