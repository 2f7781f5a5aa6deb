/**
 * Exercise 2.  localhost:8080 → nginx → flask-app:9090 → Flask → mongo:27017 → MongoDB
 *
 * nginx and the Flask app are on public-net-1, the Flask app and mongo on private-net-1; so nginx is public, mongo is
 * private, and only the Flask app is on both.
 */
import { specOf, expect } from '../helpers/grading/criterion.ts';
import { labUnderTest } from '../helpers/grading/lab-under-test.ts';
import { answeredOn, attached, reaches, running, speaksMongo, works } from '../helpers/grading/conditions.ts';
import '../helpers/matchers/index.ts';
import { definition } from './nginx-flask-mongo.lab.ts';

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const [nginx, flask, mongo] = [lab.role('nginx'), lab.role('flask-app'), lab.role('mongo')];
const [publicNet, privateNet] = [lab.network('public-net-1'), lab.network('private-net-1')];

criterion('containers-running', () => {
  expect([nginx, flask, mongo]).toRunAndStayUp();
});

criterion('networks-exist', () => {
  expect([publicNet, privateNet]).toBeUserDefinedBridges();
});

criterion('nginx-public-only', () => {
  needs('containers-running', nginx.exists());
  expect(nginx).toBeAttachedToExactly([publicNet]);
  needs('containers-running', running(nginx));
});

criterion('flask-both', () => {
  needs('containers-running', flask.exists());
  expect(flask).toBeAttachedToExactly([publicNet, privateNet]);
  needs('containers-running', running(flask));
});

criterion('mongo-private-only', () => {
  needs('containers-running', mongo.exists());
  expect(mongo).toBeAttachedToExactly([privateNet]);
  needs('containers-running', running(mongo));
});

criterion('nginx-published', () => {
  needs('containers-running', running(nginx));
  expect(nginx).toAnswerHttpFromOutside();
});

criterion('only-nginx-published', () => {
  needs('containers-running', nginx.exists());
  expect(lab).toBeClosedFromOutsideExcept(nginx);
  needs('containers-running', running(flask, mongo));
});

criterion('nginx-resolves-flask', () => {
  needs('containers-running', running(nginx, flask));
  needs('nginx-public-only', attached(nginx, publicNet));
  needs('flask-both', attached(flask, publicNet));
  needs('nginx-public-only', answeredOn(publicNet, nginx, 'flask-app', flask));
  expect(nginx).toResolve('flask-app', flask, publicNet);
});

criterion('flask-resolves-mongo', () => {
  needs('containers-running', running(flask, mongo));
  needs('flask-both', attached(flask, privateNet));
  needs('mongo-private-only', attached(mongo, privateNet), answeredOn(privateNet, flask, 'mongo', mongo));
  expect(flask).toResolve('mongo', mongo, privateNet);
});

criterion('embedded-dns', () => {
  expect([nginx, flask, mongo]).toUseEmbeddedDns();
  needs('containers-running', running(nginx, flask, mongo));
});

criterion('real-mongo', () => {
  needs('containers-running', running(mongo));
  expect(mongo).toSpeakMongo();
});

criterion('end-to-end', () => {
  needs('containers-running', running(nginx, flask, mongo));
  needs('nginx-published', nginx.answersFromOutside());
  expect(lab).toAskTheDatabase(mongo);
});

criterion('nginx-cannot-reach-mongo', () => {
  needs('containers-running', running(nginx, flask, mongo));
  // The positive control: that nobody reaches mongo would prove nothing.
  const control = reaches(flask, mongo);
  if (!control.holds) {
    needs('flask-both', attached(flask, privateNet));
    needs('mongo-private-only', attached(mongo, privateNet));
    needs('real-mongo', speaksMongo(mongo));
    needs('end-to-end', control);
  }
  expect(nginx).not.toReach(mongo);
});

criterion('by-name-not-by-address', () => {
  needs('end-to-end', works(lab));
  expect(lab).toWorkWithNewAddresses();
});
