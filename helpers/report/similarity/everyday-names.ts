/** Names that anybody would choose: to share them means nothing. (Numbers at the end of names are ignored anyway.) */
const WORDS = [
  'web webserver web-server www server site page proxy reverse-proxy gateway frontend front-end front client browser lb',
  'app application api backend back-end back service flask flaskapp flask-api python node worker main',
  'db database data store storage mongo mongodb mongo-db mongo-data mongodb-data mongo_data db-data dbdata redis cache',
  'nginx my-nginx mynginx nginx-proxy my-flask my-flask-app flask-image nginx-image my-app myapp my-network mynet my-net',
  'network net public private public-net private-net frontend-net backend-net frontend-network backend-network app-net',
  'app-network lab-net test-net internal external default bridge test test-network demo lab exercise course docker',
  'container container-a container-b host machine first second third one two apart between listener isolated shared',
  'alpine busybox ubuntu debian httpd apache caddy alpine-net busy mybusybox my-bridge my-busybox bb web-net db-net',
];

/** Subnets that Docker chooses by itself, and those in common examples. */
const SUBNETS = [
  ...Array.from({ length: 16 }, (_, i) => `172.${16 + i}.0.0/16`),
  ...Array.from({ length: 16 }, (_, i) => `172.${16 + i}.0.0/24`),
  ...Array.from({ length: 11 }, (_, i) => `192.168.${i}.0/24`),
  ...Array.from({ length: 11 }, (_, i) => `10.${i}.0.0/16`),
  ...Array.from({ length: 11 }, (_, i) => `10.0.${i}.0/24`),
  ...['192.168.10.0/24', '192.168.20.0/24', '192.168.100.0/24', '10.10.0.0/16', '10.10.10.0/24', '10.10.20.0/24'],
];

export const EVERYDAY_NAMES: string[] = [...WORDS.join(' ').split(' '), ...SUBNETS];
