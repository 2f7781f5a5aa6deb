/** Adds the lab's matchers to `expect`, and their types to Jest's. */
import { expect } from '@jest/globals';
import type { BusyboxQuestion } from '../answers/busybox-questions.ts';
import { matchers, matchersWithNegative } from '../matcher.ts';
import type { Question } from '../../lab/self-check-question.ts';
import type { Network, Role } from '../lab-under-test.ts';
import {
  haveAnInterfacePerNetwork,
  haveDocker0AsGateway,
  haveOneAddressPerNetwork,
  haveOwnSubnetsAndGateways,
} from './addresses.ts';
import { answerConsistently, answerExactly } from './answers.ts';
import { chooseExactly } from './choices.ts';
import {
  copyTheHostsNameservers,
  findByName,
  forwardNamesToTheHost,
  haveHostsEntry,
  inheritTheHostsFile,
} from './dns.ts';
import {
  comeFromOneImageThatExposes,
  comeFromTheImage,
  haveHostname,
  haveItsIdAsHostname,
  haveJoinedWhileRunning,
  haveStartedOn,
} from './identity.ts';
import { haveNoRoute, haveOnlyLoopback, reachNothing } from './isolation.ts';
import { beAttachedToExactly, beOnTheDefaultBridgeAndOneMore, beUserDefinedBridges } from './networks.ts';
import { answerHttpFromOutside, beClosedFromOutsideExcept, beReachableFromOutside } from './outside.ts';
import { answerThePingsOfTheHost } from './pings.ts';
import { answerOnHostPort, listenOn, publishNothing } from './ports.ts';
import { reach } from './reach.ts';
import { resolveName, useEmbeddedDns } from './names.ts';
import { runAndStayUp } from './running.ts';
import { haveSandboxesOfTheirOwn, shareTheHostsSandbox, shareTheSandboxOf } from './sandbox.ts';
import { beAnAttachableOverlay, formASwarm, runOnMachinesOfTheirOwn } from './swarm.ts';
import { ask, speakMongo, workWithNewAddresses } from './service.ts';

expect.extend({
  ...matchers({
    toRunAndStayUp: runAndStayUp,
    toBeUserDefinedBridges: beUserDefinedBridges,
    toBeAttachedToExactly: beAttachedToExactly,
    toBeOnTheDefaultBridgeAndOneMore: beOnTheDefaultBridgeAndOneMore,
    toAnswerHttpFromOutside: answerHttpFromOutside,
    toBeClosedFromOutsideExcept: beClosedFromOutsideExcept,
    toResolve: resolveName,
    toUseEmbeddedDns: useEmbeddedDns,
    toAnswerThePingsOfTheHost: answerThePingsOfTheHost,
    toSpeakMongo: speakMongo,
    toAsk: ask,
    toWorkWithNewAddresses: workWithNewAddresses,

    toHaveOneAddressPerNetwork: haveOneAddressPerNetwork,
    toHaveDocker0AsGateway: haveDocker0AsGateway,
    toHaveOwnSubnetsAndGateways: haveOwnSubnetsAndGateways,
    toHaveAnInterfacePerNetwork: haveAnInterfacePerNetwork,

    toCopyTheHostsNameservers: copyTheHostsNameservers,
    toForwardNamesToTheHost: forwardNamesToTheHost,
    toHaveHostsEntry: haveHostsEntry,

    toShareTheHostsSandbox: shareTheHostsSandbox,
    toShareTheSandboxOf: shareTheSandboxOf,
    toHaveSandboxesOfTheirOwn: haveSandboxesOfTheirOwn,
    toListenOn: listenOn,
    toAnswerOnHostPort: answerOnHostPort,
    toPublishNothing: publishNothing,
    toHaveOnlyLoopback: haveOnlyLoopback,
    toHaveNoRoute: haveNoRoute,
    toReachNothing: reachNothing,

    toHaveHostname: haveHostname,
    toComeFromTheImage: comeFromTheImage,
    toHaveItsIdAsHostname: haveItsIdAsHostname,
    toComeFromOneImageThatExposes: comeFromOneImageThatExposes,
    toHaveStartedOn: haveStartedOn,
    toHaveJoinedWhileRunning: haveJoinedWhileRunning,

    toFormASwarm: formASwarm,
    toBeAnAttachableOverlay: beAnAttachableOverlay,
    toRunOnMachinesOfTheirOwn: runOnMachinesOfTheirOwn,

    toAnswerConsistently: answerConsistently,
    toAnswerExactly: answerExactly,
    toChooseExactly: chooseExactly,
  }),
  ...matchersWithNegative({
    toBeReachableFromOutside: beReachableFromOutside,
    toReach: reach,
    toInheritTheHostsFile: inheritTheHostsFile,
    toFindByName: findByName,
  }),
});

declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- has to repeat the parameters of Jest's own declaration
  interface Matchers<R extends void | Promise<void>, T> {
    /** Roles: each is played by exactly one container, which runs and was the same process from first to last look. */
    toRunAndStayUp(options?: { alone?: Role[] }): R;
    /** Networks: each exists, was made by the student and has the bridge driver. */
    toBeUserDefinedBridges(): R;
    /** A role: its sandbox is attached to these networks and to no other. */
    toBeAttachedToExactly(networks: Network[]): R;
    /** A role: its sandbox is attached to the default bridge network and to exactly one bridge that the student made. */
    toBeOnTheDefaultBridgeAndOneMore(): R;
    /** A role: an HTTP answer came to the neighbour machine, from the container's port if one is named. */
    toAnswerHttpFromOutside(containerPort?: number): R;
    /** The lab: nothing but these roles has a port that a neighbour machine's packets arrive at. */
    toBeClosedFromOutsideExcept(publics: Role[]): R;
    /** A role: some port of the host leads to it. `.not`: none does; the control shows what can be reached meanwhile. */
    toBeReachableFromOutside(control: Role): R;
    /** A role: in its sandbox the embedded DNS server gives exactly the target's address on the network. */
    toResolve(name: string, target: Role, network: Network): R;
    /** Roles: those that run have the embedded DNS server in their resolv.conf. */
    toUseEmbeddedDns(): R;
    /** A role: its packets get an answer from the other. `.not`: by no address, port or way round. */
    toReach(target: Role): R;
    /** A role: each of its addresses answers the host's ping. */
    toAnswerThePingsOfTheHost(): R;
    /** A role: answers `hello` in MongoDB's wire protocol, on an address that others can use. */
    toSpeakMongo(): R;
    /** A role that outsiders talk to: its answers depend on the other. */
    toAsk(backend: Role): R;
    /** The lab: the same request works after every address has changed. */
    toWorkWithNewAddresses(): R;

    /** Roles: on each attached network one address out of its pool, on an interface inside; and no other address. */
    toHaveOneAddressPerNetwork(): R;
    /** Roles: the default gateway inside is docker0's address on the host. */
    toHaveDocker0AsGateway(): R;
    /** Networks: subnets that do not overlap, a gateway in each; the roles' default gateway is one of these. */
    toHaveOwnSubnetsAndGateways(usedBy: Role[]): R;
    /** Roles: inside, one end of a pair for each network; on the host, the other end, a port of the network's bridge. */
    toHaveAnInterfacePerNetwork(): R;

    /** Roles: the nameservers in resolv.conf are the host's, without those on the host's loopback. */
    toCopyTheHostsNameservers(): R;
    /** A role: the embedded DNS server in its sandbox answers a name that only the host's nameserver knows. */
    toForwardNamesToTheHost(): R;
    /** A role: its hosts file has entries of the host's own hosts file. */
    toInheritTheHostsFile(): R;
    /** A role: its hosts file gives the name this address. */
    toHaveHostsEntry(name: string, address: string): R;
    /** A role: its hosts file or one of its nameservers gives the name one of the other's addresses. */
    toFindByName(name: string, target: Role): R;

    /** A role: Docker has put it into the host's network namespace, and it is there. */
    toShareTheHostsSandbox(): R;
    /** A role: is in the other's network namespace. */
    toShareTheSandboxOf(owner: Role): R;
    /** Roles: namespaces that differ from each other's and the host's, with interfaces and routes. */
    toHaveSandboxesOfTheirOwn(): R;
    /** A role: a process of its own listens on the port, not on 127.0.0.1 only. */
    toListenOn(port: number, otherwise?: string): R;
    /** A role in the host's sandbox: HTTP is answered at this port of the host, and by this container. */
    toAnswerOnHostPort(port: number): R;
    /** A role: was not told to publish a port. */
    toPublishNothing(): R;
    /** A role: no interface besides lo. */
    toHaveOnlyLoopback(): R;
    /** A role: no route in its routing table that leads anywhere. */
    toHaveNoRoute(): R;
    /** A role: reaches neither the host, where a port of ours is open, nor another container; none of its processes
     * stands in another sandbox. */
    toReachNothing(): R;

    /** A role: this is its hostname. */
    toHaveHostname(hostname: string): R;
    /** A role: its hostname is the beginning of its container id. */
    toComeFromTheImage(repository: string): R;
    toHaveItsIdAsHostname(): R;
    /** Roles: one image, which exposes the TCP port by itself. */
    toComeFromOneImageThatExposes(port: number): R;
    /** A role: was on the network when its process was started. */
    toHaveStartedOn(network: Network): R;
    /** A role: was connected to the network after its process was started, and is still that process. */
    toHaveJoinedWhileRunning(network: Network): R;

    /** A lab on two machines: they are nodes of one swarm. */
    toFormASwarm(): R;
    /** A network: has the driver overlay, and takes containers. */
    toBeAnAttachableOverlay(): R;
    /** Roles, in the order of the machines: each runs on its machine and on no other. */
    toRunOnMachinesOfTheirOwn(): R;

    /** The lab: the answer fits the question, the earlier answers and what Docker does. */
    toAnswerConsistently(question: BusyboxQuestion): R;
    /** The lab: the answer is what was seen of the role and of its host. */
    toAnswerExactly(question: BusyboxQuestion, role: Role): R;
    /** The lab: of the question's options exactly those that hold are chosen. The questions are all that can be answered. */
    toChooseExactly(question: Question, questions: Question[]): R;
  }
}
