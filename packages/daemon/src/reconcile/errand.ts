// What one owner waits for: objects being added and removed for it, and announcements that come when all has been tried.
// An announcement must not overtake its address, nor a takeover be told before it happened.
import { identityOf, type DesiredObject } from './desired-object.js';

export interface LaterAnnouncement {
  readonly objects: readonly DesiredObject[];
  readonly times: number;
}

export interface FinishedErrand {
  readonly adding: readonly DesiredObject[] | undefined;
  readonly removing: readonly DesiredObject[] | undefined;
  readonly announcements: readonly LaterAnnouncement[];
}

export class Errand {
  readonly #unresolved = new Set<string>();
  #adding: readonly DesiredObject[] | undefined;
  #removing: readonly DesiredObject[] | undefined;
  #announcements: readonly LaterAnnouncement[] = [];

  get isWaiting(): boolean {
    return this.#unresolved.size > 0;
  }

  beginAdding(objects: readonly DesiredObject[]): void {
    this.#adding = objects;
  }

  /** What goes is neither reported as set nor announced. */
  beginRemoving(objects: readonly DesiredObject[]): void {
    const going = new Set(objects.map(identityOf));
    const without = (list: readonly DesiredObject[]): readonly DesiredObject[] =>
      list.filter((desired) => !going.has(identityOf(desired)));
    const adding = without(this.#adding ?? []);
    this.#adding = adding.length === 0 ? undefined : adding;
    this.#announcements = this.#announcements.map(({ objects: list, times }) => ({ objects: without(list), times }));
    this.#removing = objects;
  }

  announceLater(objects: readonly DesiredObject[], times: number): void {
    this.#announcements = [...this.#announcements, { objects, times }];
  }

  await(desired: DesiredObject): void {
    this.#unresolved.add(identityOf(desired));
  }

  /** Whether it was waited for. */
  resolve(desired: DesiredObject): boolean {
    return this.#unresolved.delete(identityOf(desired));
  }

  finish(): FinishedErrand {
    return { adding: this.#adding, removing: this.#removing, announcements: this.#announcements };
  }
}
