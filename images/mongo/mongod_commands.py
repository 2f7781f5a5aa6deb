"""The commands of netgrade's stand-in for mongod.

Data lives in mongomock, a Python imitation of a MongoDB collection; this module translates between
MongoDB's commands and mongomock's methods. mongomock is imported at the first command that needs data, so
that the server listens at once.
"""

import collections
import datetime
import functools
import itertools
import os
import secrets
import socket
import threading
import time

import bson
from bson.int64 import Int64
from bson.raw_bson import RawBSONDocument

import mongod_scram

VERSION = '6.0.0'
WIRE_VERSION = 17  # that of MongoDB 6.0
MAX_DOCUMENT_SIZE = 16 * 1024 * 1024
MAX_MESSAGE_SIZE = 48_000_000
MAX_CURSORS = 1000  # clients that never finish reading must not fill the memory
DEFAULT_BATCH = 101

CODE_NAMES = {
    2: 'BadValue', 9: 'FailedToParse', 13: 'Unauthorized', 18: 'AuthenticationFailed',
    20: 'IllegalOperation', 26: 'NamespaceNotFound', 43: 'CursorNotFound', 48: 'NamespaceExists', 59: 'CommandNotFound',
    72: 'InvalidOptions', 73: 'InvalidNamespace', 76: 'NoReplicationEnabled', 238: 'NotImplemented',
    334: 'MechanismUnavailable', 11000: 'DuplicateKey'}

COMMANDS = {}
Command = collections.namedtuple('Command', 'function public')


class CommandError(Exception):
    """The command fails with this error code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Session:
    """What the server knows about one connection."""

    def __init__(self, number, remote):
        self.number = number
        self.remote = remote
        self.user = None          # set once the client has authenticated
        self.conversation = None  # the SCRAM conversation under way
        self.next_reply_id = itertools.count(1).__next__


def command(*names, public=False):
    """Registers a method as the command of these names; `public` ones need neither login nor lock."""
    def register(function):
        COMMANDS.update((name, Command(function, public)) for name in names)
        return function
    return register


def explain(error):
    """Returns error code and message for an exception: ours, mongomock's, or Python's from inside mongomock."""
    code = getattr(error, 'code', None)
    if code == 11000:
        return code, 'E11000 duplicate key error'
    if isinstance(code, int):
        return code, str(error)
    code = 238 if isinstance(error, NotImplementedError) else 2
    return code, f'{type(error).__name__}: {error}'


def failure(code, message):
    """Returns the reply to a command that failed."""
    return {'ok': 0.0, 'errmsg': message, 'code': code, 'codeName': CODE_NAMES.get(code, f'Location{code}')}


def refuse(request, *options):
    """Refuses options that change a result but that mongomock can't do; all other extras are ignored."""
    for option in options:
        if request.get(option):
            raise CommandError(238, f'{option} is not implemented in the stand-in')


def is_operator_update(update):
    """Tells {'$set': ...} from a replacement document."""
    return isinstance(update, dict) and next(iter(update), '').startswith('$')


class Server:
    """State of the server, and one method for each command: method(session, db, request) returns the reply."""

    def __init__(self, root, auth, port, lacks):
        self.lacks = functools.lru_cache(maxsize=20)(lacks)  # each thing once, or nearly so
        self.auth = bool(root) or auth
        self.users = mongod_scram.Users(root)
        self.port = port
        self.started = time.time()
        self.lock = threading.Lock()  # one command at a time: mongomock isn't atomic
        self.cursors = {}             # id: (namespace, deque of the documents not sent yet)
        self.next_connection_id = itertools.count(1).__next__

    def run(self, session, db, request):
        """Runs a command; every error becomes a reply."""
        name = next(iter(request))
        entry = COMMANDS.get(name)
        try:
            if not entry:
                raise CommandError(59, f"no such command: '{name}'")
            if entry.public:
                return {**entry.function(self, session, db, request), 'ok': 1.0}
            if self.auth and not session.user:
                raise CommandError(13, f'command {name} requires authentication')
            if 'startTransaction' in request or 'autocommit' in request:
                raise CommandError(20, 'Transaction numbers are only allowed on a replica set member or mongos')
            with self.lock:
                return {**entry.function(self, session, db, request), 'ok': 1.0}
        except Exception as error:  # mongomock raises about anything for requests it doesn't expect
            code, message = explain(error)
            if code in (20, 238) or str(name).startswith('replSet'):
                self.lacks(f'what the command {str(name)[:40]} asked for: {message[:200]}')
            return failure(code, message)

    # --- helpers ----------------------------------------------------------------------------------------

    @functools.cached_property
    def engine(self):
        """The mongomock client that holds all data."""
        import mongomock  # takes 0.15 s: not before it is needed
        mongomock.SERVER_VERSION = VERSION  # else a variable MONGODB in the environment is taken for a version
        return mongomock.MongoClient()

    def database(self, name):
        """Returns mongomock's database of this name."""
        if not isinstance(name, str) or not 0 < len(name) < 64 or set(name) & set('/\\. "$\0'):
            raise CommandError(73, f'Invalid database name: {name!r}')
        return self.engine[name]

    def collection(self, db, name):
        """Returns mongomock's collection of this name."""
        if not isinstance(name, str) or not name or '$' in name or '\0' in name:
            raise CommandError(73, f'Invalid collection name: {name!r}')
        return self.database(db)[name]

    def database_names(self):
        """Names of all databases; a real server has these three from the start."""
        return sorted({'admin', 'config', 'local', *self.engine.list_database_names()})

    @staticmethod
    def take(documents, count):
        """Takes a batch off a deque of documents: `count` at most, and no more than fit in a reply."""
        batch, size = [], 0
        while documents and len(batch) < count:
            raw = bson.encode(documents[0])
            size += len(raw)
            if batch and size > MAX_DOCUMENT_SIZE:
                break
            batch.append(RawBSONDocument(raw))  # spares encoding it again with the reply
            documents.popleft()
        return batch

    def first_batch(self, namespace, documents, batch_size=None, single=False):
        """Returns the reply with the first batch; what is left waits for getMore."""
        documents = collections.deque(documents)
        batch = self.take(documents, DEFAULT_BATCH if batch_size is None else batch_size)
        cursor_id = 0
        if documents and not single:
            cursor_id = secrets.randbits(62) + 1
            self.cursors[cursor_id] = namespace, documents
            if len(self.cursors) > MAX_CURSORS:
                del self.cursors[next(iter(self.cursors))]
        return {'cursor': {'firstBatch': batch, 'id': Int64(cursor_id), 'ns': namespace}}

    @staticmethod
    def write_all(request, statements, write):
        """Calls `write(index, statement)` for each; returns a reply that has the errors."""
        errors = []
        for index, statement in enumerate(statements):
            try:
                write(index, statement)
            except Exception as error:  # as in run
                code, message = explain(error)
                errors.append({'index': index, 'code': code, 'errmsg': message})
                if request.get('ordered', True):
                    break
        return {'writeErrors': errors} if errors else {}

    # --- handshake and login ----------------------------------------------------------------------------

    @command('hello', 'isMaster', 'ismaster', public=True)
    def hello(self, session, db, request):
        """Describes a standalone server. No topologyVersion: drivers poll instead of streaming."""
        reply = {
            'helloOk': True, 'ismaster': True, 'isWritablePrimary': True,
            'maxBsonObjectSize': MAX_DOCUMENT_SIZE, 'maxMessageSizeBytes': MAX_MESSAGE_SIZE,
            'maxWriteBatchSize': 100000, 'localTime': datetime.datetime.utcnow(),
            'logicalSessionTimeoutMinutes': 30, 'connectionId': session.number,
            'minWireVersion': 0, 'maxWireVersion': WIRE_VERSION, 'readOnly': False}
        user_db, _, user = str(request.get('saslSupportedMechs', '')).partition('.')
        if self.users.exists(user_db, user):
            reply['saslSupportedMechs'] = list(mongod_scram.MECHANISMS)
        return reply

    @command('ping', 'endSessions', public=True)
    def ping(self, session, db, request):
        """Says yes; there are no sessions to end."""
        return {}

    @command('buildInfo', 'buildinfo', public=True)
    def build_info(self, session, db, request):
        return {'version': VERSION, 'versionArray': [*map(int, VERSION.split('.')), 0], 'bits': 64, 'debug': False,
                'gitVersion': 'netgrade-stand-in', 'modules': [], 'maxBsonObjectSize': MAX_DOCUMENT_SIZE}

    @command('whatsmyuri', public=True)
    def whats_my_uri(self, session, db, request):
        return {'you': session.remote}

    @command('connectionStatus', public=True)
    def connection_status(self, session, db, request):
        users = [{'user': session.user, 'db': 'admin'}] if session.user else []
        roles = [{'role': 'root', 'db': 'admin'}] if session.user else []
        return {'authInfo': {'authenticatedUsers': users, 'authenticatedUserRoles': roles}}

    @command('saslStart', public=True)
    def sasl_start(self, session, db, request):
        session.user = None
        if request.get('mechanism') not in mongod_scram.MECHANISMS:
            raise CommandError(334, f"Unsupported mechanism {request.get('mechanism')!r}")
        session.conversation = mongod_scram.Conversation(self.users, db, request)
        return self.sasl_step(session, request)

    @command('saslContinue', public=True)
    def sasl_continue(self, session, db, request):
        if not session.conversation:
            raise CommandError(18, 'No SASL conversation under way')
        return self.sasl_step(session, request)

    @staticmethod
    def sasl_step(session, request):
        """Passes the client's message to the conversation, and notes who it proves the client to be."""
        conversation, session.conversation = session.conversation, None  # a failed one can't go on
        try:
            done, payload = conversation.step(bytes(request['payload']))
        except (mongod_scram.AuthenticationFailed, KeyError, TypeError, ValueError) as error:
            raise CommandError(18, 'Authentication failed.') from error
        if done:
            session.user = conversation.user
        else:
            session.conversation = conversation
        return {'conversationId': 1, 'done': done, 'payload': payload}

    @command('logout', public=True)
    def logout(self, session, db, request):
        session.user = None
        return {}

    # --- reading ----------------------------------------------------------------------------------------

    @command('find')
    def find(self, session, db, request):
        refuse(request, 'collation', 'min', 'max', 'tailable', 'returnKey')
        found = self.collection(db, request['find']).find(
            request.get('filter'), request.get('projection') or None, sort=list(request.get('sort', {}).items()),
            skip=int(request.get('skip', 0)), limit=int(request.get('limit', 0)))
        return self.first_batch(f"{db}.{request['find']}", found, request.get('batchSize'), request.get('singleBatch'))

    @command('aggregate')
    def aggregate(self, session, db, request):
        refuse(request, 'collation', 'explain', 'let')
        name = request['aggregate']
        if not isinstance(name, str):
            raise CommandError(238, 'aggregations without a collection are not implemented in the stand-in')
        documents = list(self.collection(db, name).aggregate(request['pipeline']))
        if any('$out' in stage for stage in request['pipeline']):
            documents = []
        return self.first_batch(f'{db}.{name}', documents, request.get('cursor', {}).get('batchSize'))

    @command('getMore')
    def get_more(self, session, db, request):
        cursor_id = request['getMore']
        namespace, documents = self.cursors.get(cursor_id, (None, None))
        if namespace is None or namespace != f"{db}.{request.get('collection')}":
            raise CommandError(43, f'cursor id {cursor_id} not found')
        batch = self.take(documents, request.get('batchSize') or len(documents))
        if not documents:
            del self.cursors[cursor_id]
        return {'cursor': {'nextBatch': batch, 'id': Int64(cursor_id if documents else 0), 'ns': namespace}}

    @command('killCursors')
    def kill_cursors(self, session, db, request):
        killed = [number for number in request['cursors'] if self.cursors.pop(number, None)]
        unknown = [number for number in request['cursors'] if number not in killed]
        return {'cursorsKilled': killed, 'cursorsNotFound': unknown, 'cursorsAlive': [], 'cursorsUnknown': []}

    @command('count')
    def count(self, session, db, request):
        refuse(request, 'collation')
        number = self.collection(db, request['count']).count_documents(request.get('query') or {})
        number = max(0, number - int(request.get('skip', 0)))
        limit = abs(int(request.get('limit', 0)))
        return {'n': min(number, limit) if limit else number}

    @command('distinct')
    def distinct(self, session, db, request):
        refuse(request, 'collation')
        values = self.collection(db, request['distinct']).distinct(request['key'], request.get('query') or {})
        try:
            values.sort()  # mongomock has them in random order
        except TypeError:
            pass  # values of several types
        return {'values': values}

    # --- writing ----------------------------------------------------------------------------------------

    @command('insert')
    def insert(self, session, db, request):
        collection, ids = self.collection(db, request['insert']), []
        reply = self.write_all(request, request['documents'],
                               lambda _, document: ids.append(collection.insert_one(document).inserted_id))
        return {'n': len(ids), **reply}

    @command('update')
    def update(self, session, db, request):
        collection = self.collection(db, request['update'])
        total, upserted = collections.Counter(n=0, nModified=0), []

        def write(index, statement):
            refuse(statement, 'collation', 'arrayFilters')
            update = statement['u']
            if not is_operator_update(update):
                if statement.get('multi'):
                    raise CommandError(9, 'multi update is not supported for replacement-style update')
                method = collection.replace_one
            else:
                method = collection.update_many if statement.get('multi') else collection.update_one
            result = method(statement['q'], update, upsert=bool(statement.get('upsert'))).raw_result
            total.update(n=result['n'], nModified=result['nModified'])
            if result['n'] and not result['updatedExisting']:
                upserted.append({'index': index, '_id': result['upserted']})

        reply = self.write_all(request, request['updates'], write)
        return {**total, **({'upserted': upserted} if upserted else {}), **reply}

    @command('delete')
    def delete(self, session, db, request):
        collection = self.collection(db, request['delete'])
        total = collections.Counter(n=0)

        def write(_, statement):
            refuse(statement, 'collation')
            method = collection.delete_one if statement.get('limit') else collection.delete_many
            total.update(n=method(statement['q']).deleted_count)

        reply = self.write_all(request, request['deletes'], write)
        return {**total, **reply}

    @command('findAndModify', 'findandmodify')
    def find_and_modify(self, session, db, request):
        """Written out of simpler steps: mongomock's own method loses the document if `fields` leaves out _id."""
        refuse(request, 'collation', 'arrayFilters')
        collection = self.collection(db, next(iter(request.values())))
        query, fields = request.get('query') or {}, request.get('fields') or None
        found = collection.find_one(query, sort=list((request.get('sort') or {}).items()))
        this = {'_id': found['_id']} if found else None
        value = collection.find_one(this, fields) if found else None
        if request.get('remove'):
            if found:
                collection.delete_one(this)
            return {'lastErrorObject': {'n': int(bool(found))}, 'value': value}
        last = {'n': int(bool(found)), 'updatedExisting': bool(found)}
        if found or request.get('upsert'):
            update = request['update']
            method = collection.update_one if is_operator_update(update) else collection.replace_one
            # The query stays in the filter of the update: the positional operator $ needs it.
            result = method({**query, **(this or {})}, update, upsert=not found).raw_result
            if not found:
                this = {'_id': result['upserted']}
                last.update(n=1, upserted=result['upserted'])
            if request.get('new'):
                value = collection.find_one(this, fields)
        return {'lastErrorObject': last, 'value': value}

    # --- collections and indexes ------------------------------------------------------------------------

    @command('create')
    def create(self, session, db, request):
        refuse(request, 'viewOn', 'validator', 'timeseries')
        name = self.collection(db, request['create']).name
        if name in self.database(db).list_collection_names():
            raise CommandError(48, f'Collection {db}.{name} already exists.')
        self.database(db).create_collection(name)
        return {}

    @command('drop')
    def drop(self, session, db, request):
        collection = self.existing(db, request['drop'])
        indexes = len(list(collection.list_indexes()))
        collection.drop()
        return {'nIndexesWas': indexes, 'ns': f"{db}.{request['drop']}"}

    @command('dropDatabase')
    def drop_database(self, session, db, request):
        self.engine.drop_database(self.database(db).name)
        return {'dropped': db}

    @command('listCollections')
    def list_collections(self, session, db, request):
        index = {'v': 2, 'key': {'_id': 1}, 'name': '_id_'}
        entries = [{'name': name, 'type': 'collection', 'options': {}, 'info': {'readOnly': False}, 'idIndex': index}
                   for name in sorted(self.database(db).list_collection_names())]
        return self.first_batch(f'{db}.$cmd.listCollections', self.filtered(entries, request), len(entries))

    @command('listDatabases')
    def list_databases(self, session, db, request):
        entries = [{'name': name, 'sizeOnDisk': Int64(self.data_size(name)), 'empty': not self.data_size(name)}
                   for name in self.database_names()]
        entries = self.filtered(entries, request)
        if request.get('nameOnly'):
            return {'databases': [{'name': entry['name']} for entry in entries]}
        return {'databases': entries, 'totalSize': Int64(sum(entry['sizeOnDisk'] for entry in entries))}

    @command('listIndexes')
    def list_indexes(self, session, db, request):
        indexes = list(self.existing(db, request['listIndexes']).list_indexes())
        return self.first_batch(f"{db}.{request['listIndexes']}", indexes, len(indexes))

    @command('createIndexes')
    def create_indexes(self, session, db, request):
        collection = self.collection(db, request['createIndexes'])
        existed = collection.name in self.database(db).list_collection_names()
        before = len(list(collection.list_indexes())) or 1
        for index in request['indexes']:
            options = {key: index[key] for key in ('unique', 'sparse', 'expireAfterSeconds', 'partialFilterExpression')
                       if key in index}
            if index['key'] != {'_id': 1}:  # that one is always there
                collection.create_index(list(index['key'].items()), name=index['name'], **options)
        return {'numIndexesBefore': before, 'numIndexesAfter': len(list(collection.list_indexes())) or 1,
                'createdCollectionAutomatically': not existed}

    def existing(self, db, name):
        """Returns the collection, which must exist."""
        collection = self.collection(db, name)
        if name not in self.database(db).list_collection_names():
            raise CommandError(26, f'ns not found: {db}.{name}')
        return collection

    @staticmethod
    def filtered(entries, request):
        """Applies the `filter` of a list command."""
        from mongomock.filtering import filter_applies  # imported by now, see engine
        return [entry for entry in entries if filter_applies(request.get('filter') or {}, entry)]

    def data_size(self, db):
        """Bytes of all documents of a database."""
        database = self.database(db)
        return sum(len(bson.encode(document))
                   for name in database.list_collection_names() for document in database[name].find())

    # --- about the server -------------------------------------------------------------------------------

    @command('dbStats', 'dbstats')
    def db_stats(self, session, db, request):
        database = self.database(db)
        names = database.list_collection_names()
        return {'db': db, 'collections': len(names), 'views': 0,
                'objects': sum(database[name].count_documents({}) for name in names),
                'dataSize': self.data_size(db), 'storageSize': self.data_size(db),
                'indexes': sum(len(list(database[name].list_indexes())) for name in names), 'indexSize': 0}

    @command('serverStatus')
    def server_status(self, session, db, request):
        uptime = time.time() - self.started
        return {'host': f'{socket.gethostname()}:{self.port}', 'version': VERSION, 'process': 'mongod',
                'pid': Int64(os.getpid()), 'uptime': float(int(uptime)), 'uptimeMillis': Int64(uptime * 1000),
                'localTime': datetime.datetime.utcnow(),
                'connections': {'current': sum(thread.name.startswith('conn') for thread in threading.enumerate())},
                'storageEngine': {'name': 'netgrade-stand-in', 'persistent': False}}

    @command('hostInfo')
    def host_info(self, session, db, request):
        return {'system': {'currentTime': datetime.datetime.utcnow(), 'hostname': socket.gethostname(),
                           'numCores': os.cpu_count()}, 'os': {'type': 'Linux', 'name': 'Debian'}}

    @command('getLog')
    def get_log(self, session, db, request):
        if request['getLog'] == '*':
            return {'names': ['global', 'startupWarnings']}
        return {'totalLinesWritten': 0, 'log': []}

    @command('getParameter')
    def get_parameter(self, session, db, request):
        known = {'featureCompatibilityVersion': {'version': VERSION[:3]},
                 'authenticationMechanisms': list(mongod_scram.MECHANISMS)}
        found = {name: value for name, value in known.items()
                 if name in request or request['getParameter'] == '*'}
        if not found:
            raise CommandError(72, 'no option found to get')
        return found

    @command('replSetGetStatus')
    def repl_set_get_status(self, session, db, request):
        raise CommandError(76, 'not running with --replSet')
