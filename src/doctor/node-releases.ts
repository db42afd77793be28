// Until when each release line of Node.js gets security fixes. Data only; a new line is a row.
// Source: https://github.com/nodejs/Release (schedule.json)

export interface NodeRelease {
  readonly major: number;
  /** The last day with fixes, UTC. */
  readonly until: string;
  /** Whether it is one for production: it has long-term support. */
  readonly isLongTerm: boolean;
}

export const NODE_RELEASES: readonly NodeRelease[] = [
  { major: 20, until: "2026-04-30", isLongTerm: true },
  { major: 21, until: "2024-06-01", isLongTerm: false },
  { major: 22, until: "2027-04-30", isLongTerm: true },
  { major: 23, until: "2025-06-01", isLongTerm: false },
  { major: 24, until: "2028-04-30", isLongTerm: true },
  { major: 25, until: "2026-06-01", isLongTerm: false },
];
