/** Adds the lab's matchers to `expect`, and their types to Jest's. */
import { expect } from '@jest/globals';
import { matcher } from '../grading/criterion.ts';
import type { Network, Role } from '../grading/lab-under-test.ts';
import { beAttachedToExactly, beUserDefinedBridges } from './networks.ts';
import { answerHttpFromOutside, beClosedFromOutsideExcept } from './outside.ts';
import { reach } from './reach.ts';
import { resolveName, useEmbeddedDns } from './names.ts';
import { runAndStayUp } from './running.ts';
import { askTheDatabase, speakMongo, workWithNewAddresses } from './service.ts';

expect.extend({
  toRunAndStayUp: matcher(runAndStayUp),
  toBeUserDefinedBridges: matcher(beUserDefinedBridges),
  toBeAttachedToExactly: matcher(beAttachedToExactly),
  toAnswerHttpFromOutside: matcher(answerHttpFromOutside),
  toBeClosedFromOutsideExcept: matcher(beClosedFromOutsideExcept),
  toResolve: matcher(resolveName),
  toUseEmbeddedDns: matcher(useEmbeddedDns),
  toReach: matcher(reach),
  toSpeakMongo: matcher(speakMongo),
  toAskTheDatabase: matcher(askTheDatabase),
  toWorkWithNewAddresses: matcher(workWithNewAddresses),
});

declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- has to repeat the parameters of Jest's own declaration
  interface Matchers<R extends void | Promise<void>, T> {
    /** Roles: each is played by exactly one container, which runs and was the same process from first to last look. */
    toRunAndStayUp(): R;
    /** Networks: each exists, was made by the student and has the bridge driver. */
    toBeUserDefinedBridges(): R;
    /** A role: its sandbox is attached to these networks and to no other. */
    toBeAttachedToExactly(networks: Network[]): R;
    /** A role: an HTTP answer came to the neighbour machine. */
    toAnswerHttpFromOutside(): R;
    /** The lab: nothing but this role has a port that a neighbour machine's packets arrive at. */
    toBeClosedFromOutsideExcept(role: Role): R;
    /** A role: in its sandbox the embedded DNS server gives exactly the target's address on the network. */
    toResolve(name: string, target: Role, network: Network): R;
    /** Roles: those that run have the embedded DNS server in their resolv.conf. */
    toUseEmbeddedDns(): R;
    /** A role: opens a TCP connection to the other. `.not`: by no name, address, port or way round. */
    toReach(target: Role): R;
    /** A role: answers `hello` in MongoDB's wire protocol, on an address that others can use. */
    toSpeakMongo(): R;
    /** The lab: answers outside depend on the database. */
    toAskTheDatabase(database: Role): R;
    /** The lab: the same request works after all networks were renumbered and all containers started again. */
    toWorkWithNewAddresses(): R;
  }
}
