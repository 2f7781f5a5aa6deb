/** The commands in a script, without running it. */
import { expect, test } from '@jest/globals';
import { commandsIn, dockerCommands } from '../../helpers/submission/shell.ts';

test.each<[string, string[]]>([
  ['docker ps # docker run', ['ps']],
  ['A=1 sudo -u root env B=2 docker run x', ['run x']],
  ['if ! docker inspect a >/dev/null 2>&1; then docker network create a; fi', ['inspect a', 'network create a']],
  ['ID=$(docker run -d nginx) && echo "$(docker ps -q)"', ['run -d nginx', 'ps -q']],
  ['`docker ps`', ['ps']],
  ['docker run \\\n  -d \\\n  nginx', ['run -d nginx']],
  ['docker run \\\r\n  nginx\r\n', ['run nginx']],
  ['docker --context x -D run nginx', ['run nginx']],
  ['docker-compose -f a up', ['compose -f a up']],
  ['/usr/bin/docker ps', ['ps']],
  ['D=docker; $D ps; ${D} images; ${E:-docker} info', ['ps', 'images', 'info']],
  ['export D="sudo docker"\n$D ps', ['ps']],
  ['D="sudo docker"; DC="$D compose"; $DC up', ['compose up']],
  ['N=$(echo mine); docker run --name $N a; docker rm `cat b` c', ['run --name $() a', 'rm $()']],
  ["bash -c 'docker ps; docker images'", ['ps', 'images']],
  ['eval "docker ps"', ['ps']],
  ['timeout -k 5 10 docker ps', ['ps']],
  ['try docker run nginx', ['run nginx']],
  ["docker exec a sh -c 'echo docker ps'", ['exec a sh -c echo docker ps']],
  ['cat <<EOF > a; docker ps\ndocker run x\nEOF\ndocker images', ['ps', 'images']],
  ['cat <<-"E F"\n\tdocker run x\n\tE F\ndocker images', ['images']],
  ['echo docker ps; which docker; apt-get install docker; type docker', []],
  ["echo 'it is\n# docker ps' ; docker info", ['info']],
  ['a#docker; docker ps', ['ps']],
])('%j', (script, expected) => {
  expect(dockerCommands(script).map((words) => words.join(' '))).toEqual(expected);
});

test.each(["'", '"', '$(', '<<', '\\', '`', '$D', '((', 'bash -c "', '<<A\n<<B\nA'])('%j alone ends, too', (script) => {
  expect(commandsIn(script).flat().join('').length).toBeLessThanOrEqual(script.length + 3);
});
