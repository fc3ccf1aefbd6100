/**
 * The tables, alike in SQLite and PostgreSQL.
 *
 * studies    a row a study: its name, the number of its events, and the checksum of the last one
 * events     a row an event: its position from 0, its JSON text, its checksum; the first event of an append also has the
 *            write, `WRITER:COUNT`, by which a writer finds out whether its append was stored
 * snapshots  at most one a study: the state after `length` events, the checksum of the last of them and of the state
 *
 * The checksum of an event is the CRC-32 of its text, begun with that of the event before it: a row that was changed, and
 * one that stands at another position, both show.
 */

/** The version of the tables; a database of a newer one is refused. */
export const schemaVersion = 1;

/** `application_id` of an SQLite file: the letters FTHD. */
export const applicationId = 0x46_54_48_44;

/** What differs between the two. */
interface Dialect {
  /** What stands before the name of a table. */
  readonly prefix: string;
  /** Type and constraint of a number that the database chooses. */
  readonly identity: string;
  readonly number: string;
  /** What stands after the columns. */
  readonly options: string;
}

export const sqliteDialect: Dialect = {
  prefix: '',
  identity: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  number: 'INTEGER',
  options: ' STRICT',
};

/** Tables in a schema, whose quoted name is given. */
export const postgresDialect = (schema: string): Dialect => ({
  prefix: `${schema}.`,
  identity: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  number: 'BIGINT',
  options: '',
});

/** The statements that lead from each version to the next one; the first list begins with no tables. */
export function migrations({ prefix, identity, number, options }: Dialect): readonly (readonly string[])[] {
  return [
    [
      `CREATE TABLE ${prefix}studies (id ${identity}, name TEXT NOT NULL UNIQUE, length ${number} NOT NULL, sum ${number} NOT NULL)${options}`,
      `CREATE TABLE ${prefix}events (study ${number} NOT NULL REFERENCES ${prefix}studies (id) ON DELETE CASCADE, position ${number} NOT NULL, event TEXT NOT NULL, sum ${number} NOT NULL, writer TEXT, PRIMARY KEY (study, position))${options}`,
      `CREATE TABLE ${prefix}snapshots (study ${number} PRIMARY KEY REFERENCES ${prefix}studies (id) ON DELETE CASCADE, length ${number} NOT NULL, sum ${number} NOT NULL, state TEXT NOT NULL, checksum ${number} NOT NULL)${options}`,
    ],
  ];
}
