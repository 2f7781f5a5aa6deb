/** Links from the class to its students' pages. */
import { criterionAnchor, labAnchor } from '../markup.ts';
import { linkTo, studentFile } from '../../report-name.ts';

export function linkToStudent(student: string): string {
  return linkTo(studentFile(student, 'html'));
}

export function linkToLab(student: string, lab: string): string {
  return linkTo(studentFile(student, 'html'), labAnchor(lab));
}

export function linkToCriterion(student: string, lab: string, criterion: string): string {
  return linkTo(studentFile(student, 'html'), criterionAnchor(lab, criterion));
}
