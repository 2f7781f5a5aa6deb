/** Past the bounds of a lab host: what its kernel and its engine would do for whoever asks them. */
import { attempts, files, GOT_THROUGH, ISOLATED, STOPPED, together, within, type Attack } from './attack.ts';

const LAB = 'none-network';

/**
 * Asks the kernel for a key (add_key, request_key, keyctl) and for a socket to the machine below this one (AF_VSOCK). Numbers of
 * system calls on x86-64 and arm64.
 */
const CALLS_IN_PERL = `
use POSIX; my ($add, $request, $keyctl) = (uname())[4] eq 'aarch64' ? (217, 218, 219) : (248, 249, 250);
my ($type, $name, $value) = ("user\\0", "netgrade-marker\\0", "x");
my %call = (
  add => sub { syscall($add, $type, $name, $value, 1, -4) },
  request => sub { syscall($add, $type, $name, $value, 1, -3); syscall($request, $type, $name, 0, -3) },
  keyctl => sub { syscall($keyctl, 0, -4, 1) },
  vsock => sub { socket(my $s, 40, 1, 0) ? 0 : -1 },
  wide => sub { syscall((uname())[4] eq 'aarch64' ? 198 : 41, 40 + 2 ** 32, 1, 0) },
  ring => sub { my $settings = "\0" x 256; syscall(425, 4, $settings) },
);
exit($call{$ARGV[0]}->() < 0);
`;
const CALLS_IN_PYTHON = `
import ctypes, os, socket, sys
add, keyctl = (217, 219) if os.uname().machine == 'aarch64' else (248, 250)
call = ctypes.CDLL(None).syscall
asked = {
  'add': lambda: call(add, b'user', b'netgrade-marker', b'x', 1, -4),
  'keyctl': lambda: call(keyctl, 0, -4, 1),
  'vsock': lambda: socket.socket(40, socket.SOCK_STREAM).fileno(),
}
sys.exit(asked[sys.argv[1]]() < 0)
`;
/** Starts so many processes that live at the same time: more than a submission may. */
const CROWD = 'i=0; while [ $i -lt 1200 ]; do sleep 30 & i=$((i+1)); done; echo a crowd';

const SOCKET = 'curl -sS --fail --unix-socket /var/run/docker.sock';
const JSON_TYPE = `-H 'Content-Type: application/json'`;
/** A login whose name is so many bytes long. */
const login = (bytes: number): string =>
  `{ printf '{"username":"'; head -c ${bytes} /dev/zero | tr '\\0' a; printf '"}'; }`;
/** Whether the engine itself has answered: its own errors are not 403. */
const ANSWERED = `-o /dev/null -w '%{http_code}' http://engine/auth | grep -v 403`;

/** Starts requests of almost 1 MiB that never end: for each, the engine keeps as much memory, and waits for the rest. */
const PARKED = `
use Socket;
my @open;
for (1 .. 3000) {
  socket(my $s, AF_UNIX, SOCK_STREAM, 0);
  connect($s, sockaddr_un('/var/run/docker.sock')) or next;
  syswrite($s, "POST /containers/create HTTP/1.1\\r\\nHost: e\\r\\nContent-Type: application/json\\r\\nContent-Length: 1000000\\r\\n\\r\\n" . 'x' x 999000);
  push @open, $s;
}
sleep 20;
`;

export const PAST_BOUNDS: Attack[] = [
  {
    name: 'keys-of-others',
    shows:
      'A script and a container ask for the kernel’s keys, which all of the grading machine shares, and for a socket to the machine below it. There are none; and the user that a script runs as is nobody’s elsewhere.',
    lab: LAB,
    write: together(
      files({
        'calls.pl': CALLS_IN_PERL,
        'calls.py': CALLS_IN_PYTHON,
        'run.sh': attempts({
          add: 'perl calls.pl add',
          request: 'perl calls.pl request',
          keyctl: 'perl calls.pl keyctl',
          vsock: 'perl calls.pl vsock',
          'vsock-by-a-wide-number': 'perl calls.pl wide',
          'io-uring': 'perl calls.pl ring',
          uid: '[ "$(id -u)" -lt 100000 ]',
          'in-a-container': `docker run --rm --network none -v "$PWD:/here:ro" python python3 /here/calls.py add`,
        }),
      }),
      within(60),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'build-in-another-group',
    shows:
      'Builds that ask for a control group elsewhere (`--cgroup-parent`), where no bound would hold for them: by a name, upwards, and the engine’s own. There are no groups but the submission’s own.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        Dockerfile: `FROM alpine\nRUN ${CROWD}\n`,
        'run.sh': attempts({
          named: 'docker build --no-cache --cgroup-parent=/elsewhere .',
          upwards: 'docker build --no-cache --cgroup-parent=../../elsewhere .',
          root: 'docker build --no-cache --cgroup-parent=/ .',
          engines: 'docker build --no-cache --cgroup-parent=/engine .',
        }),
      }),
      within(90),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'ways-around-the-policy',
    shows:
      'What the engine would do for whoever knows how to ask: read 50 MB of a login into its memory, with and without a length; tell what is for its developers; the older name of `CapAdd`; limits that are the whole machine’s; a mount over /dev, so that hidden files of /proc are not hidden.',
    lab: LAB,
    write: together(
      files({
        'run.sh': attempts({
          login: `${login(50_000_000)} | ${SOCKET} ${JSON_TYPE} --data-binary @- ${ANSWERED}`,
          chunks: `${login(50_000_000)} | ${SOCKET} ${JSON_TYPE} -X POST -T - ${ANSWERED}`,
          'two-types': `${login(50_000_000)} | ${SOCKET} ${JSON_TYPE} -H 'Content-Type: text/plain' -X POST -T - ${ANSWERED}`,
          pprof: `${SOCKET} http://engine/debug/pprof/cmdline -o /dev/null`,
          vars: `${SOCKET} http://engine/debug/vars -o /dev/null`,
          capabilities: `${SOCKET} ${JSON_TYPE} -d '{"Image":"alpine","HostConfig":{"Capabilities":["CAP_SYS_ADMIN"]}}' http://engine/v1.40/containers/create`,
          core: 'docker run --rm --ulimit core=-1 alpine true',
          signals: 'docker run --rm --ulimit sigpending=1000000 alpine true',
          'core-by-itself': 'ulimit -c 0; ! grep -E "core file size +1 +1 " /proc/self/limits',
          masked: `mkdir dev; ln -s /proc/timer_list dev/null; docker run --rm -v "$PWD/dev:/dev" alpine grep -m 1 . /proc/timer_list`,
        }),
      }),
      within(90),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'engine-with-too-much-to-do',
    shows:
      'Three thousand requests that never end: the engine would need 3 GB for them. It is ended by its own bound and started anew, which ends the containers; nobody else notices.',
    lab: LAB,
    heavy: true,
    write: together(files({ 'parked.pl': PARKED, 'run.sh': `${ISOLATED}perl parked.pl\n` }), within(40)),
    outcomes: [{ status: 'graded', fails: ['containers-running'], says: /too much was asked of the engine/ }],
  },
];
