// A program of its own: two packages talk to a workspace over its REST API, and it prints what they were told.
// Arguments: a package (sdk or api-client), the address of the workspace, a username, a password, and the id of a room.
const [kind, address, username, password, roomId] = process.argv.slice(2);
const said = {};

async function withSdk() {
	process.env.ROCKETCHAT_URL = address;
	// The package as a whole wants a Realtime client that no registry has; its REST part stands alone.
	const { logger } = require('@rocket.chat/sdk/dist/lib/log');
	logger.debug = logger.info = () => undefined;
	const api = require('@rocket.chat/sdk/dist/lib/api');
	const login = await api.login({ username, password });
	said.user = login.data.userId;
	said.sent = (await api.post('chat.sendMessage', { message: { rid: roomId, msg: 'from the sdk' } })).message.msg;
	const users = await api.get('users.list', { fields: { username: 1 }, query: { username: { $regex: '.' } } }, true);
	said.users = users.users.map((user) => user.username).sort();
	said.out = (await api.logout()) !== null;
}

async function withClient() {
	const { RestClient } = require('@rocket.chat/api-client');
	const client = new RestClient({ baseUrl: address });
	const { data } = await client.post('/v1/login', { user: username, password });
	client.setCredentials({ 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken });
	said.user = data.userId;
	said.sent = (await client.post('/v1/chat.postMessage', { roomId, text: 'from the client' })).message.msg;
	said.rooms = (await client.get('/v1/rooms.get', {})).update.map((room) => room._id);
	const found = await client.get('/v1/chat.search', { roomId, searchText: 'client' });
	said.found = found.messages.map((message) => message.msg);
	const refusal = await client.get('/v1/rooms.info', { roomId: 'nowhere' }).catch((error) => error);
	said.refused = typeof refusal.json === 'function' ? (await refusal.json()).errorType : refusal.errorType ?? refusal.error?.errorType;
	const out = await client.post('/v1/logout', {});
	said.out = out.status === 'success';
}

(kind === 'sdk' ? withSdk() : withClient()).then(
	() => {
		console.log(JSON.stringify(said));
		process.exit(0);
	},
	(error) => {
		console.error(error);
		process.exit(1);
	},
);
