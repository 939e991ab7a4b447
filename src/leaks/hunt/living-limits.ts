import type { Connection } from '../../inspector/connection';
import type { InspectorSession } from '../../inspector/session';
import type { Owner } from '../../protocol/owners';
import type { Snapshot } from '../../snapshot/client';
import type { LimitExpression } from '../../source/limit-expressions';

/** What a limit is in the living program: a number, `none` where no size can pass it, null where it is not known. */
export type LivingLimit = number | 'none' | null;

const group = 'heapwright-limit-values';

/**
 * Asks the living program what a limit in its source is by now: the field of the object that holds the collection, or
 * the variable that the functions around it see. A limit that is `undefined`, `Infinity` or not set is none: no
 * comparison with it lets anything be removed. V8 refuses to run anything that would change the target.
 */
export async function readLivingLimit(
  session: InspectorSession,
  snapshot: Snapshot,
  owner: Owner,
  expression: LimitExpression,
): Promise<LivingLimit> {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind === 'reckoned') {
    const from = await readLivingLimit(session, snapshot, owner, expression.from);
    return from === 'none' ? 'none' : null;
  }
  const { connection } = session;
  try {
    const value =
      expression.kind === 'field'
        ? await fieldOf(connection, owner, expression.properties)
        : await variableOf(connection, snapshot, owner, expression);
    return value && limitIn(value);
  } catch {
    return null;
  } finally {
    if (connection.isOpen)
      await connection.send('Runtime.releaseObjectGroup', { objectGroup: group }).catch(() => {});
  }
}

/** As the protocol describes a value. */
interface RemoteValue {
  readonly type: string;
  readonly subtype?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

/** What the function that reads properties returns where the first of them is not there at all. */
const absent = 'heapwright: absent';

function limitIn({ type, subtype, value, unserializableValue }: RemoteValue): LivingLimit {
  if (type === 'undefined' || subtype === 'null') return 'none';
  if (type !== 'number') return null;
  if (unserializableValue === 'Infinity' || unserializableValue === 'NaN') return 'none';
  return typeof value === 'number' ? value : null;
}

/** The nearest holders first: one of them is the object that the source calls `this`. */
async function fieldOf(
  connection: Connection,
  { steps }: Owner,
  properties: readonly string[],
): Promise<RemoteValue | null> {
  for (const { holder } of steps.slice(-3).reverse()) {
    if (holder.type !== 'object' || holder.name === 'system / Context') continue;
    const object = await remoteObject(connection, holder.id);
    const value = object ? await propertyOf(connection, object, properties) : null;
    if (value && value.value !== absent) return value;
  }
  return null;
}

async function variableOf(
  connection: Connection,
  snapshot: Snapshot,
  owner: Owner,
  { name, properties }: Extract<LimitExpression, { kind: 'variable' }>,
): Promise<RemoteValue | null> {
  const seeing = await functionThatSees(connection, snapshot, owner);
  const value = seeing ? await variableSeenBy(connection, seeing, name) : null;
  if (!value || properties.length === 0) return value;
  if (!value.objectId) return null;
  const found = await propertyOf(connection, value.objectId, properties);
  // Options that leave the limit out are there, their property is not.
  return found?.value === absent ? { type: 'undefined' } : found;
}

/** A function whose scopes are those around the owner: one made in its Context, the class itself, its constructor. */
async function functionThatSees(
  connection: Connection,
  snapshot: Snapshot,
  { anchor, anchorNode }: Owner,
): Promise<string | null> {
  if (!anchorNode) return null;
  if (anchor.kind === 'static') return remoteObject(connection, anchorNode.id);
  if (anchor.kind === 'variable') {
    const [closure] = await snapshot.closuresOfContext(anchorNode.id, 1);
    return closure ? remoteObject(connection, closure.id) : null;
  }
  if (anchor.kind !== 'field') return null;
  const instance = await remoteObject(connection, anchorNode.id);
  const made = instance ? await propertyOf(connection, instance, ['constructor']) : null;
  return made?.type === 'function' ? (made.objectId ?? null) : null;
}

/** How many scopes around a function are looked through. */
const mostScopes = 8;

async function variableSeenBy(
  connection: Connection,
  functionId: string,
  name: string,
): Promise<RemoteValue | null> {
  const { internalProperties = [] } = await connection.send('Runtime.getProperties', {
    objectId: functionId,
    ownProperties: true,
  });
  const scopes = internalProperties.find((one) => one.name === '[[Scopes]]')?.value?.objectId;
  if (!scopes) return null;
  const { result: list } = await connection.send('Runtime.getProperties', {
    objectId: scopes,
    ownProperties: true,
  });
  for (const { value: scope } of list.slice(0, mostScopes)) {
    if (!scope?.objectId || scope.description === 'Global') continue;
    const { result } = await connection.send('Runtime.getProperties', {
      objectId: scope.objectId,
      ownProperties: true,
    });
    const found = result.find((one) => one.name === name)?.value;
    if (found) return found;
  }
  return null;
}

async function remoteObject(connection: Connection, id: number): Promise<string | null> {
  const { result } = await connection.send('HeapProfiler.getObjectByHeapObjectId', {
    objectId: String(id),
    objectGroup: group,
  });
  return result.objectId ?? null;
}

/** V8 takes nearly every call for a possible side effect, so the way to the property is written out. */
async function propertyOf(
  connection: Connection,
  objectId: string,
  properties: readonly string[],
): Promise<RemoteValue | null> {
  const [first] = properties;
  const steps = properties.map(
    (name) => `if (at === undefined || at === null) return undefined; at = at[${JSON.stringify(name)}];`,
  );
  const { result, exceptionDetails } = await connection.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: `function () {
      let at = this;
      if (!(${JSON.stringify(first)} in at)) return ${JSON.stringify(absent)};
      ${steps.join('\n')}
      return at;
    }`,
    objectGroup: group,
    throwOnSideEffect: true,
    silent: true,
  });
  return exceptionDetails ? null : result;
}
