// A program of its own: the package @rocket.chat/ddp-client talks to a workspace, and prints what it hears.
// Arguments: the address of the workspace, a username, a password, and the id of a room.
globalThis.WebSocket = require('ws');
const { createHash } = require('node:crypto');
const { DDPSDK } = require('@rocket.chat/ddp-client');

const say = (what, told = {}) => console.log(JSON.stringify({ what, ...told }));

async function main(address, username, password, roomId) {
	const sdk = await DDPSDK.createAndConnect(address);
	await sdk.account.loginWithPassword(username, createHash('sha256').update(password).digest('hex'));
	const rooms = await sdk.call('rooms/get');
	say('in', { user: sdk.account.uid, rooms: rooms.map((room) => [room._id, room.t]) });
	let left = 3;
	const heard = (what, told) => {
		say(what, told);
		left -= 1;
		if (left === 0) {
			say('out');
			process.exit(0);
		}
	};
	const messages = sdk.stream('room-messages', roomId, (message) =>
		heard('message', { text: message.msg, room: message.rid, author: message.u.username }),
	);
	let changes = 0;
	const changed = sdk.stream('notify-user', `${sdk.account.uid}/rooms-changed`, (action, room) => {
		changes += 1;
		if (changes === 1) {
			heard('change', { action, room: room._id });
		}
	});
	await Promise.all([messages.ready(), changed.ready()]);
	try {
		await sdk.call('nosuchmethod');
	} catch (error) {
		say('refused', { error: error.error });
	}
	say('listening');
	await sdk.call('sendMessage', { _id: 'sentbyclient', rid: roomId, msg: 'sent by the client' });
}

main(...process.argv.slice(2)).catch((error) => {
	console.error(error);
	process.exit(1);
});
