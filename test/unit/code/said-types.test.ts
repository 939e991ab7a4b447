import { testEach } from './reported';

describe('keys that are members of a type that the program says', () => {
  const LOBBY = `interface Player { id: string; socket: object }
interface Match { players: [Player, Player] }
const matches = new Map<number, Match>();
const ratings = new Map<string, number>();
export function rate(match: number) {
  const found = matches.get(match);
  if (!found) return;
  matches.delete(match);
  for (const one of found.players) ratings.set(one.id, (ratings.get(one.id) ?? 1000) + 15);
}
`;
  testEach([
    {
      what: 'and that an object of it is given anew each time, in another file',
      files: {
        'lobby.ts': LOBBY.replace('interface Player', 'export interface Player'),
        'server.ts': `import { randomUUID } from 'node:crypto';
import type { Player } from './lobby';
export function enter(socket: object): Player {
  const player: Player = { id: randomUUID(), socket };
  return player;
}
`,
      },
      names: ['ratings'],
      otherwise: [
        ['id: randomUUID()', 'id: "first"'],
        ['const player: Player', 'const player: Other'],
        // Of a list nobody knows of what.
        ['players: [Player, Player]', 'players: unknown[]'],
      ],
    },
    {
      what: 'over what methods of lists give, and what a field has',
      files: {
        'seats.ts': `import { randomUUID } from 'node:crypto';
interface Guest { code: string }
class Hall {
  private guests: Guest[] = [];
  private readonly bills = new Map<string, number>();
  enter() { const guest: Guest = { code: randomUUID() }; this.guests.push(guest); }
  leave() {
    const guest = this.guests.pop();
    if (guest) this.bills.set(guest.code, 1);
  }
}
export const hall = new Hall();
`,
      },
      names: ['bills'],
      otherwise: [['code: randomUUID()', 'code: "A"']],
    },
  ]);
});
