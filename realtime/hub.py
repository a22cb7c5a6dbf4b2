"""The rooms of this process, one for each branch somebody listens to. Nothing is shared between processes."""

import logging

from realtime.listener import Listener
from realtime.room import Room
from tenants.models import Tenant

log = logging.getLogger("steppe.live")


class Hub:
    """Opens a room for the first listener of a branch and closes it a while after the last."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}

    async def join(self, tenant: Tenant, listener: Listener) -> Room:
        """Let the listener into its branch's room. Raises when the room cannot be opened."""
        self._sweep()
        room = self.rooms.get(tenant.schema_name)
        if room is None:
            room = await self._open(tenant)
        await room.opened
        room.admit(listener)
        return room

    async def _open(self, tenant: Tenant) -> Room:
        room = self.rooms[tenant.schema_name] = Room(tenant)
        try:
            await room.open()
        except Exception:
            self.rooms.pop(tenant.schema_name, None)
            raise
        log.info("room opened", extra={"schema": tenant.schema_name})
        return room

    def _sweep(self) -> None:
        for schema in [schema for schema, room in self.rooms.items() if room.is_idle]:
            self.rooms.pop(schema).close()


HUB = Hub()
