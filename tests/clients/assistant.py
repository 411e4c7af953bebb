"""An assistant at work: starts a server of tools over stdio, lists them, calls them. Runs in the server's environment.

`python assistant.py <server> <calls>`: the calls are JSON, `[[tool, arguments], ...]`. Prints what each gave, as JSON.
"""

import asyncio
import json
import os
import sys
from typing import Any

from mcp import ClientSession, StdioServerParameters  # type: ignore[import-not-found]
from mcp.client.stdio import stdio_client  # type: ignore[import-not-found]


async def converse(server: str, calls: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The names of the server's tools, and the answer to each call in turn."""
    quiet = open(os.devnull, "w")  # noqa: ASYNC230, SIM115, PTH123 - what the server logs
    parameters = StdioServerParameters(command=server, env=dict(os.environ))
    async with stdio_client(parameters, errlog=quiet) as (read, write), ClientSession(read, write) as session:
        begun = await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        told = [(await session.call_tool(name, arguments)).structuredContent["result"] for name, arguments in calls]
    return {"server": begun.serverInfo.name, "tools": tools, "told": told}


print(json.dumps(asyncio.run(converse(sys.argv[1], json.loads(sys.argv[2])))))
