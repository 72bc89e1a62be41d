import { randomBytes } from "node:crypto";
import { type Account, noreplyEmail } from "../model/account.ts";
import { findAccount, type World } from "../model/world.ts";

/** A person, as the demo knows one. */
export interface User {
  readonly id: number;
  readonly login: string;
  /** Author address that GitHub recognises this user by. */
  readonly email: string;
  /** Personal token, for REST and, as the password, for git. */
  readonly token: string;
}

export interface Accounts {
  /** Makes a person. Throws if the login is taken. */
  readonly createUser: (login: string) => User;
}

export function createAccounts(world: World): Accounts {
  return {
    createUser: (login) => {
      const account = addAccount(world, login, "User");
      const token = `ghp_${randomBytes(18).toString("hex")}`;
      world.userTokens.set(token, account);
      return { id: account.id, login, email: noreplyEmail(account), token };
    },
  };
}

/** Adds an account. Throws if the login is taken. */
export function addAccount(world: World, login: string, type: Account["type"]): Account {
  if (findAccount(world, login) !== undefined) throw new Error(`the login ${login} is taken`);
  const account: Account = { id: world.nextId(), login, type };
  world.accounts.set(login.toLowerCase(), account);
  return account;
}

/** The account of that login; a new organisation if there is none. */
export function ownerAccount(world: World, login: string): Account {
  return findAccount(world, login) ?? addAccount(world, login, "Organization");
}

/** The account of that login. Throws if there is none. */
export function existingAccount(world: World, login: string): Account {
  const account = findAccount(world, login);
  if (account === undefined) throw new Error(`no account ${login}`);
  return account;
}
