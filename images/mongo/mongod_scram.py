"""The server's side of SCRAM (RFC 5802), with which MongoDB's clients authenticate."""

import base64
import functools
import hashlib
import hmac
import secrets
import unicodedata

ITERATIONS = {'SCRAM-SHA-1': 10000, 'SCRAM-SHA-256': 15000}  # MongoDB's defaults
MECHANISMS = tuple(ITERATIONS)
HASHES = {'SCRAM-SHA-1': 'sha1', 'SCRAM-SHA-256': 'sha256'}


class AuthenticationFailed(Exception):
    """The client has no such user, doesn't know the password, or doesn't speak SCRAM."""


class Users:
    """The users of the server: the root user that the environment asked for, or nobody."""

    def __init__(self, root):
        self.root = root  # (name, password) or None
        self.salt = {'SCRAM-SHA-1': secrets.token_bytes(16), 'SCRAM-SHA-256': secrets.token_bytes(28)}

    def exists(self, db, name):
        """The root user lives in the database admin: clients must name that as their authSource."""
        return bool(self.root) and (db, name) == ('admin', self.root[0])

    @functools.lru_cache
    def salted_password(self, mechanism):
        """What both sides derive from the password; takes a while by design, so once is enough."""
        name, password = self.root
        if mechanism == 'SCRAM-SHA-1':  # MongoDB hashes the password first, for the sake of older versions
            password = hashlib.md5(f'{name}:mongo:{password}'.encode()).hexdigest()
        else:
            password = unicodedata.normalize('NFKC', password)  # what matters of SASLprep
        return hashlib.pbkdf2_hmac(HASHES[mechanism], password.encode(), self.salt[mechanism], ITERATIONS[mechanism])


class Conversation:
    """One client's login: `step` takes its messages one after the other."""

    def __init__(self, users, db, request):
        self.users = users
        self.db = db
        self.mechanism = request['mechanism']
        options = request.get('options')
        self.skip_empty = isinstance(options, dict) and bool(options.get('skipEmptyExchange'))
        self.user = None
        self.messages = []  # the parts of the authentication message that both sides sign
        self.nonce = ''
        self.step = self.first

    def hmac(self, key, message):
        """The HMAC of the mechanism."""
        return hmac.digest(key, message, HASHES[self.mechanism])

    @staticmethod
    def fields(text):
        """Parses 'a=1,b=2'."""
        return dict(part.split('=', 1) for part in text.split(','))

    def first(self, payload):
        """Answers the user's name and nonce with salt, iteration count and the nonce made longer."""
        channel, _, bare = payload.decode().partition(',,')
        fields = self.fields(bare)
        name = fields['n'].replace('=2C', ',').replace('=3D', '=')
        if channel != 'n' or not self.users.exists(self.db, name):
            raise AuthenticationFailed
        self.nonce = fields['r'] + secrets.token_urlsafe(24)
        salt = base64.b64encode(self.users.salt[self.mechanism]).decode()
        answer = f'r={self.nonce},s={salt},i={ITERATIONS[self.mechanism]}'
        self.messages = [bare, answer]
        self.user = name
        self.step = self.proof
        return False, answer.encode()

    def proof(self, payload):
        """Checks that the client knows the password, and proves that the server does."""
        without_proof, _, proof = payload.decode().rpartition(',p=')
        fields = self.fields(without_proof)
        if fields['c'] != 'biws' or fields['r'] != self.nonce:  # biws: 'n,,', that is no channel binding
            raise AuthenticationFailed
        salted = self.users.salted_password(self.mechanism)
        client_key = self.hmac(salted, b'Client Key')
        message = ','.join([*self.messages, without_proof]).encode()
        signature = self.hmac(hashlib.new(HASHES[self.mechanism], client_key).digest(), message)
        expected = bytes(a ^ b for a, b in zip(client_key, signature))
        if not hmac.compare_digest(base64.b64decode(proof), expected):
            raise AuthenticationFailed
        answer = b'v=' + base64.b64encode(self.hmac(self.hmac(salted, b'Server Key'), message))
        self.step = self.last
        return self.skip_empty, answer

    @staticmethod
    def last(payload):
        """Clients that don't skip the empty exchange end with an empty message."""
        return True, b''
