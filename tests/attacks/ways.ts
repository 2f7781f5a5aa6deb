/** Ways round a network that keeps two containers apart: somebody else passes on what is said to him. */
import { cpSync } from 'node:fs';
import { files, together, type Attack } from './attack.ts';

/** A stack that has all points. */
function honest(lab: string): Attack['write'] {
  return (folder) => {
    cpSync(`submissions/example-good/${lab}`, folder, { recursive: true });
  };
}

/** Compose reads it beside compose.yaml. @param services Lines of YAML. */
function beside(services: string, more: Record<string, string> = {}): Attack['write'] {
  return files({ 'compose.override.yaml': `services:\n${services}`, ...more });
}

const BOTH = 'networks: [public-net-1, private-net-1]';
const PYTHON = 'image: python:3.8.12-slim-buster';
const RELAY = `"""Passes every connection on: relay.py PORT HOST:PORT"""
import os, socket, sys, threading, time

def dial():
    name, port = sys.argv[2].rsplit(":", 1)
    if name == "unix":
        far = socket.socket(socket.AF_UNIX)
        far.connect(port)
        return far
    return socket.create_connection((name, int(port)))

def pump(source, target):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass

def serve(near):
    try:
        far = dial()
    except OSError:
        near.close()
        return
    threading.Thread(target=pump, args=(near, far), daemon=True).start()
    pump(far, near)
    near.close()
    far.close()

where = sys.argv[1]
if where.startswith("/"):
    if os.path.exists(where):
        os.unlink(where)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(where)
    listener.listen()
else:
    host, port = where.rsplit(":", 1)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, int(port)))
    listener.listen()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
`;

/** A container that runs relay.py. */
function relay(name: string, from: string, to: string, more = BOTH): string {
  return `  ${name}:
    ${PYTHON}
    command: ["python3", "/relay/relay.py", "${from}", "${to}"]
    volumes: ["./relay:/relay"]
    restart: always
    ${more}
`;
}

const FILES = { 'relay/relay.py': RELAY };
const FILMS = 'nginx-cannot-reach-netflix-catalog';
const fails = (...ids: string[]): Pick<Attack['outcomes'][0], 'status' | 'fails'> => ({ status: 'graded', fails: ids });

function proxy(config: string): Record<string, string> {
  return { 'helper.conf': config };
}
const NGINX = `  helper:
    image: nginx
    volumes: ["./helper.conf:/etc/nginx/nginx.conf:ro"]
    restart: always
    depends_on: [netflix-catalog]
    ${BOTH}
`;

export const WAYS: Attack[] = [
  {
    name: 'relay-beside',
    shows:
      'Beside an honest stack, a container on both networks passes every connection on to the catalogue. What nginx sends there arrives in the catalogue’s sandbox.',
    lab: 'netflix',
    write: together(honest('netflix'), beside(relay('helper', '0.0.0.0:8090', 'netflix-catalog:8080'), FILES)),
    outcomes: [{ ...fails(FILMS), says: /nginx\S* -> \S*helper\S*:8090 -> \S*netflix-catalog\S*:8080/ }],
  },
  {
    name: 'relays-in-a-row',
    shows: 'Two of them, one after the other. All stations are named.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(relay('near', '0.0.0.0:8090', 'far:8091') + relay('far', '0.0.0.0:8091', 'netflix-catalog:8080'), FILES),
    ),
    outcomes: [{ ...fails(FILMS), says: /near\S*:8090 -> \S*far\S*:8091 -> \S*netflix-catalog\S*:8080/ }],
  },
  {
    name: 'relay-through-a-file',
    shows:
      'A program in nginx’s own sandbox listens for itself only, and passes on through a socket in a shared volume; no packet of it can be seen there.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        relay('near', '127.0.0.1:8090', 'unix:/relay/door', 'network_mode: service:nginx') +
          relay('far', '/relay/door', 'netflix-catalog:8080', 'networks: [private-net-1]'),
        FILES,
      ),
    ),
    outcomes: [{ ...fails(FILMS), says: /by way of \S*near\S* \(port 8090\)/ }],
  },
  {
    name: 'relay-of-requests',
    shows: 'An nginx on both networks passes HTTP requests on, and nothing else.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        NGINX,
        proxy('events {}\nhttp { server { listen 8090; location / { proxy_pass http://netflix-catalog:8080/; } } }\n'),
      ),
    ),
    outcomes: [{ ...fails(FILMS), says: /an HTTP request that \S+ sent there arrived/ }],
  },
  {
    name: 'relay-of-one-request',
    shows:
      'The same, and whatever is asked, it asks for the same path and with headers of its own. It is asked again and again; each time it asks the catalogue, and it answers otherwise while that is paused.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        NGINX,
        proxy(`events {}
http { server { listen 8090; location / {
  rewrite ^ /films? break;
  proxy_pass http://netflix-catalog:8080;
  proxy_set_header User-Agent helper;
} } }
`),
      ),
    ),
    outcomes: [{ ...fails(FILMS), says: /whenever it is asked there, it asks/ }],
  },
  {
    name: 'proxy-for-anybody',
    shows: 'A proxy on both networks connects to whatever it is told (CONNECT).',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(relay('helper', '0.0.0.0:3128', 'unused:1').replaceAll('relay.py', 'proxy.py'), {
        'relay/proxy.py': `import socket, socketserver

class Proxy(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode("latin1").split()
        if len(line) != 3 or line[0] != "CONNECT":
            return
        while self.rfile.readline().strip():
            pass
        host, port = line[1].rsplit(":", 1)
        far = socket.create_connection((host, int(port)))
        self.wfile.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
        far.sendall(self.rfile.read1(65536))

socketserver.ThreadingTCPServer(("0.0.0.0", 3128), Proxy).serve_forever()
`,
      }),
    ),
    outcomes: [{ ...fails(FILMS), says: /a request to pass something on/ }],
  },
  {
    name: 'relay-at-another-address',
    shows: 'The relay gives itself one more address, of the sixth version of the protocol, and listens nowhere else.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        `  helper:
    ${PYTHON}
    command: ["sh", "-c", "python3 /relay/more.py && exec python3 /relay/relay.py fd00:2:0:1::99:8090 netflix-catalog:8080"]
    volumes: ["./relay:/relay"]
    cap_add: [NET_ADMIN]
    restart: always
    ${BOTH}
networks:
  public-net-1:
    enable_ipv6: true
    ipam: { config: [{ subnet: "fd00:2:0:1::/64" }] }
`,
        {
          ...FILES,
          'relay/more.py': `"""Adds an address to each interface: RTM_NEWADDR of rtnetlink(7)."""
import socket, struct

for index, name in socket.if_nameindex():
    if name == "lo":
        continue
    address = socket.inet_pton(socket.AF_INET6, "fd00:2:0:1::99")
    body = struct.pack("=BBBBI", socket.AF_INET6, 64, 2, 0, index)
    for kind in (1, 2):
        body += struct.pack("=HH", 20, kind) + address
    route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    route.send(struct.pack("=IHHII", 16 + len(body), 20, 0x405, 1, 0) + body)
    route.recv(4096)
`,
        },
      ),
    ),
    outcomes: [{ ...fails(FILMS), says: /nginx\S* -> \S*helper\S*:8090 -> \S*netflix-catalog\S*:8080/ }],
  },
  {
    name: 'relay-among-very-many-ports',
    shows:
      'A helper listens on hundreds of ports; on one of them it is a relay. If not all can be tried, nothing counts as apart.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(relay('helper', '0.0.0.0:60001', 'netflix-catalog:8080').replace('relay.py', 'many.py'), {
        ...FILES,
        'relay/many.py': `import socket
from os import fork

ports = []
for port in range(20000, 20400):
    listener = socket.socket()
    listener.bind(("0.0.0.0", port))
    listener.listen()
    ports.append(listener)
exec(open("/relay/relay.py").read())
`,
      }),
    ),
    outcomes: [{ ...fails(FILMS), says: /so many ports are there for nginx/ }],
  },
  {
    name: 'relay-published',
    shows: 'A relay on the private network only; its published port of the host lets nginx in, and everybody else.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        relay('helper', '0.0.0.0:8090', 'netflix-catalog:8080', 'networks: [private-net-1]\n    ports: ["8090:8090"]'),
        FILES,
      ),
    ),
    outcomes: [{ ...fails(FILMS, 'only-nginx-published'), says: /port 8090 of the host/ }],
  },
  {
    name: 'relay-on-the-host',
    shows: 'A relay in the host’s own sandbox, which is next to every network.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      files({
        ...FILES,
        'submission.yaml': 'deploy: script\n',
        'run.sh': `docker compose up -d --build
to=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker compose ps --quiet netflix-catalog)")
docker run -d --name helper --network host --volume "$PWD/relay:/relay" python:3.8.12-slim-buster python3 /relay/relay.py 0.0.0.0:8090 "$to:8080"
`,
      }),
    ),
    outcomes: [{ ...fails(FILMS, 'only-nginx-published'), says: /by way of helper \(port 8090 of the host\)/ }],
  },
  {
    name: 'relay-at-its-own-path',
    shows: 'An nginx on both networks with a page of its own, which passes requests for one path on.',
    lab: 'netflix',
    write: together(
      honest('netflix'),
      beside(
        NGINX,
        proxy(`events {}
http { server { listen 8090;
  location / { return 200 "nothing here"; }
  location /catalog/ { proxy_pass http://netflix-catalog:8080/; }
} }
`),
      ),
    ),
    outcomes: [{ ...fails(FILMS), says: /an HTTP request that \S+ sent there arrived/ }],
  },
  {
    name: 'relay-to-the-store',
    shows: 'A relay from the shop’s network to the store, which speaks MongoDB.',
    lab: 'web-shop',
    write: together(
      honest('web-shop'),
      beside(relay('helper', '0.0.0.0:4000', 'store:27017', 'networks: [shop-net, data-net]'), FILES),
    ),
    outcomes: [{ ...fails('store-isolated'), says: /shop\S* -> \S*helper\S*:4000 -> \S*store\S*:27017/ }],
  },
  {
    name: 'relay-to-exposed',
    shows: 'The published container passes connections on to the one that should not be reached.',
    lab: 'expose-vs-publish',
    write: together(
      honest('expose-vs-publish'),
      files({
        ...FILES,
        'run.sh': `docker build --tag hello .
docker run -d --name exposed hello
docker run -d --name published --publish 8080:8080 hello
to=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' exposed)
docker run -d --name helper --publish 9000:9000 --volume "$PWD/relay:/relay" python:3.8.12-slim-buster python3 /relay/relay.py 0.0.0.0:9000 "$to:8080"
`,
      }),
    ),
    outcomes: [
      { ...fails('exposed-not-reachable'), says: /somebody outside gets through to exposed by way of helper/ },
    ],
  },
];
