/** The file in which students answer. By itself, because every run knows its name and few read it. */
export const ANSWERS = 'answers.yaml';
