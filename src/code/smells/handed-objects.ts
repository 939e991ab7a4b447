import ts from 'typescript';
import { asSeenFrom, type ParsedFile } from '../program/parsed-file';
import { type Reference, referencesTo } from '../program/references';
import { unwrap } from './collection-uses';
import { standInOf } from './stand-ins';

/** From function to function. */
const MOST_STEPS = 3;

/**
 * `report.rejected` in a function of the program that is given `status` of `const status = { rejected: {} }` as its `report`:
 * all places of the member there, and in what that hands it on to.
 */
export function placesWhereHanded(file: ParsedFile, member: ts.Node): Reference[] {
  const object = ts.isPropertyAssignment(member) ? member.parent.parent : null;
  if (!object || !ts.isVariableDeclaration(object) || !ts.isIdentifier(object.name)) return [];
  const name = (member as ts.PropertyAssignment).name.getText();
  return placesBehind(file, object.name, name, 0);
}

function placesBehind(file: ParsedFile, holder: ts.Identifier, member: string, steps: number): Reference[] {
  if (steps >= MOST_STEPS) return [];
  const there = asSeenFrom(file, holder.getSourceFile());
  return referencesTo(there, holder).flatMap((node) => {
    const { parent } = node;
    const isArgument = ts.isCallExpression(parent) || ts.isNewExpression(parent);
    const names = isArgument ? (standInOf(there, unwrap(node))?.names ?? []) : [];
    return names.flatMap((one) => [
      ...membersOf(file, one, member),
      ...placesBehind(file, one, member, steps + 1),
    ]);
  });
}

function membersOf(file: ParsedFile, holder: ts.Identifier, member: string): Reference[] {
  const there = asSeenFrom(file, holder.getSourceFile());
  return referencesTo(there, holder).flatMap(({ parent }) => {
    const isIt = ts.isPropertyAccessExpression(parent) && parent.name.text === member;
    return isIt ? [{ node: parent.name, sure: true }] : [];
  });
}
