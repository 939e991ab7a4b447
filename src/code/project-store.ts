import * as fs from 'node:fs';
import * as path from 'node:path';
import { packageOf } from './program/package';
import type { ParsedFile } from './program/parsed-file';
import { isGenerated, isSkippedFolder, isSource } from './program/source-files';
import { SourceProgram } from './program/source-program';

/** A larger project is not read for an editor: its files are judged one by one, and by `heapwright lint` together. */
const MOST_CHARACTERS = 40_000_000;
/** What is on disk is looked through again after so long, in ms. */
const FRESH_MS = 3000;
/** A step of reading ends after so long, so that the thread can answer something else in between; ms. */
const STEP_MS = 30;

interface Project {
  readonly root: string;
  readonly program: SourceProgram;
  readonly modified: Map<string, number>;
  /** Files that are still to be looked at, in this round. */
  open: string[];
  seen: Set<string>;
  roundEndedAt: number;
  isTooLarge: boolean;
}

/**
 * The packages that an editor's open files belong to, each as one program, read from disk step by step and looked through
 * again when some time has passed. Texts of open documents go before what is on disk.
 */
export class ProjectStore {
  readonly #projects = new Map<string, Project>();
  readonly #documents = new Map<string, string>();

  /** Reads on for a moment. True when the file's project is complete and fresh. */
  prepare(file: string): boolean {
    const project = this.#projectOf(file);
    if (!project || project.isTooLarge) return true;
    const isFresh = project.open.length === 0 && performance.now() - project.roundEndedAt < FRESH_MS;
    if (isFresh) return true;
    if (project.open.length === 0) {
      project.open = [project.root];
      project.seen = new Set();
    }
    const until = performance.now() + STEP_MS;
    while (project.open.length > 0 && performance.now() < until) this.#visit(project, project.open.pop()!);
    if (project.open.length > 0) return false;
    for (const known of project.program.files) if (!project.seen.has(known)) project.program.delete(known);
    project.roundEndedAt = performance.now();
    return true;
  }

  /** The file with its project around it, in its document's text; null where there is no project to speak of. */
  parsed(file: string, text: string): ParsedFile | null {
    this.#documents.set(file, text);
    const project = this.#projectOf(file);
    if (!project || project.isTooLarge) return null;
    project.program.set(file, text);
    return project.program.parsed(file);
  }

  /** The program that a file belongs to, for what changes several files; null where there is none. */
  programOf(file: string): SourceProgram | null {
    const project = this.#projectOf(file);
    return project && !project.isTooLarge ? project.program : null;
  }

  /** The document was closed: what is on disk counts again. */
  close(file: string): void {
    this.#documents.delete(file);
    for (const project of this.#projects.values()) project.modified.delete(file);
  }

  #projectOf(file: string): Project | null {
    const packageJson = packageOf(file)?.packageJson;
    if (packageJson === undefined) return null;
    const root = path.dirname(packageJson);
    let project = this.#projects.get(root);
    if (!project) {
      project = {
        root,
        program: new SourceProgram(),
        modified: new Map(),
        open: [],
        seen: new Set(),
        roundEndedAt: Number.NEGATIVE_INFINITY,
        isTooLarge: false,
      };
      this.#projects.set(root, project);
    }
    return project;
  }

  #visit(project: Project, target: string): void {
    try {
      if (!isSource(target)) {
        for (const entry of fs.readdirSync(target, { withFileTypes: true })) {
          const isWanted = entry.isDirectory() ? !isSkippedFolder(target, entry.name) : isSource(entry.name);
          if (isWanted) project.open.push(path.join(target, entry.name));
        }
        return;
      }
      project.seen.add(target);
      const modified = fs.statSync(target).mtimeMs;
      if (project.modified.get(target) === modified || this.#documents.has(target)) return;
      project.modified.set(target, modified);
      const text = fs.readFileSync(target, 'utf8');
      if (!isGenerated(text)) project.program.set(target, text);
      if (project.program.characters > MOST_CHARACTERS) giveUp(project);
    } catch {
      // Gone since it was listed, or not ours to read.
    }
  }
}

function giveUp(project: Project): void {
  project.isTooLarge = true;
  project.open = [];
  for (const file of project.program.files) project.program.delete(file);
}
