"""
The Lua scripts of the boards: Redis runs each as one step that nothing comes between.

Keys, all under `<prefix>{<topic>/<partition>}` (the braces make a Redis Cluster
keep them together), with what is in them:

- `:position`: hash; `next` offset to read, `topic` id, how many `partitions` the
  topic has, and `until` which end of the log the boards are being filled.
- `:tallies`: set of tally ids; `:rows:<tally>`: hash of participant to `TallyRow`.
- `:of:<participant>`: set of the tally ids in which the participant has a row.
- `:boards`: hash of `<tally>|<board>` to `BoardInfo`; `:board:<tally>|<board>`: the
  board itself, a sorted set; `:values:<tally>|<board>`: on a dense board, its scores.
- `:closed:<tally>`: hash with a field for each facts partition that passed the closing
  of its period, and `of`, how many there are; `:final`: set of tallies that all passed.
- `:names`: hash of person to revision and name; `:refused`: hash of offset to reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from redis import Redis
from redis.exceptions import NoScriptError


@dataclass(frozen=True)
class Call:
    """One run of a script: the key that routes it, and its arguments."""

    key: str
    arguments: Sequence[str | bytes | int]


class Script:
    """A Lua script, called by its hash."""

    def __init__(self, text: str) -> None:
        """Take the script's text."""
        self._text = text
        self._sha = sha1(text.encode(), usedforsecurity=False).hexdigest()

    def run(self, redis: Redis, call: Call) -> Any:
        """Run it once and return its answer."""
        return self.run_all(redis, [call])[0]

    def run_all(self, redis: Redis, calls: Sequence[Call]) -> list[Any]:
        """
        Run it for each call, in one round trip, and return the answers.

        A Redis that doesn't have the script (any more) is given it, and all calls
        are made again: they must allow that.

        Raises:
            RedisError: The first error among the answers.
        """
        answers = self._answers(redis, calls)
        if any(isinstance(answer, NoScriptError) for answer in answers):
            redis.script_load(self._text)
            answers = self._answers(redis, calls)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def _answers(self, redis: Redis, calls: Sequence[Call]) -> list[Any]:
        pipeline = redis.pipeline(transaction=False)
        for call in calls:
            pipeline.evalsha(self._sha, 1, call.key, *call.arguments)
        return pipeline.execute(raise_on_error=False)


#: Key: the position. Arguments: base, expected position, next position, changes as JSON.
#: Answers the position that stands; writes nothing where another than expected does.
WRITE = Script("""
local base, expected, next_position = ARGV[1], ARGV[2], ARGV[3]

-- Forgets a value of a dense board that nobody has any more; other boards keep none.
local function forget(id, score)
    local key = base .. ':board:' .. id
    if score and redis.call('ZCOUNT', key, score, score) == 0 then
        redis.call('ZREM', base .. ':values:' .. id, score)
    end
end

local function leave(tally, row, participant, stays)
    for _, place in ipairs(row.places) do
        local board, member = place[1], place[2]
        if stays[board] ~= member then
            local id = tally .. '|' .. board
            local score = redis.call('ZSCORE', base .. ':board:' .. id, member)
            redis.call('ZREM', base .. ':board:' .. id, member)
            forget(id, score)
        end
    end
end

local function enter(id, place, score)
    local key = base .. ':board:' .. id
    local before = redis.call('ZSCORE', key, place.member)
    redis.call('ZADD', key, score, place.member)
    local now = redis.call('ZSCORE', key, place.member)
    if before ~= now then forget(id, before) end
    if place.dense then redis.call('ZADD', base .. ':values:' .. id, now, now) end
end

local closings = {}

-- Tells whether the facts partition that the participant belongs to has passed the closing.
local function has_passed(tally, hash)
    if closings[tally] == nil then
        closings[tally] = redis.call('HGET', base .. ':closed:' .. tally, 'of')
    end
    if not closings[tally] then return false end
    local partition = string.format('%d', hash % tonumber(closings[tally]))
    return redis.call('HEXISTS', base .. ':closed:' .. tally, partition) == 1
end

local put = {}

function put.tally(change)
    local tally, participant = change.tally, change.participant
    if has_passed(tally, change.hash) then return end
    local rows = base .. ':rows:' .. tally
    local before = redis.call('HGET', rows, participant)
    if before then
        before = cjson.decode(before)
        if before.revision >= change.revision then return end
        local stays = {}
        for _, place in ipairs(change.places) do stays[place.board] = place.member end
        leave(tally, before, participant, stays)
    else
        redis.call('SADD', base .. ':tallies', tally)
        redis.call('SADD', base .. ':of:' .. participant, tally)
    end
    for _, place in ipairs(change.places) do
        enter(tally .. '|' .. place.board, place, change.score)
    end
    redis.call('HSET', rows, participant, change.row)
end

function put.board(change)
    local id = change.tally .. '|' .. change.board
    local known = redis.call('HGET', base .. ':boards', id)
    if not known or cjson.decode(known).plan_version < change.plan_version then
        redis.call('HSET', base .. ':boards', id, change.info)
    end
end

function put.closed(change)
    local closed = base .. ':closed:' .. change.tally
    redis.call('SADD', base .. ':tallies', change.tally)
    redis.call('HSET', closed, 'of', change.partitions, change.partition, 1)
    closings[change.tally] = nil
    if redis.call('HLEN', closed) > tonumber(change.partitions) then
        redis.call('SADD', base .. ':final', change.tally)
    end
end

function put.name(change)
    local before = redis.call('HGET', base .. ':names', change.person)
    if before and cjson.decode(before).revision >= change.revision then return end
    redis.call('HSET', base .. ':names', change.person, change.row)
end

function put.erasure(change)
    redis.call('HDEL', base .. ':names', change.person)
end

function put.refusal(change)
    redis.call('HSET', base .. ':refused', change.offset, change.reason)
end

local stands = redis.call('HGET', KEYS[1], 'next')
if stands ~= expected then return stands end
for i = 4, #ARGV do
    local change = cjson.decode(ARGV[i])
    put[change.kind](change)
end
if next_position ~= expected then redis.call('HSET', KEYS[1], 'next', next_position) end
return next_position
""")

#: Key: the position. Arguments: base, the position that was seen (empty for none), topic id,
#: partitions, first offset, end. Forgets everything; answers the position that stands then.
BEGIN = Script("""
local base, seen, topic, partitions, first, till = unpack(ARGV)

local stands = redis.call('HGET', KEYS[1], 'next') or ''
if stands ~= seen then return stands end

for _, tally in ipairs(redis.call('SMEMBERS', base .. ':tallies')) do
    for _, participant in ipairs(redis.call('HKEYS', base .. ':rows:' .. tally)) do
        redis.call('DEL', base .. ':of:' .. participant)
    end
    redis.call('UNLINK', base .. ':rows:' .. tally, base .. ':closed:' .. tally)
end
for _, id in ipairs(redis.call('HKEYS', base .. ':boards')) do
    redis.call('UNLINK', base .. ':board:' .. id, base .. ':values:' .. id)
end
for _, key in ipairs({'tallies', 'boards', 'final', 'names', 'refused', 'position'}) do
    redis.call('UNLINK', base .. ':' .. key)
end
redis.call('HSET', KEYS[1],
    'next', first, 'topic', topic, 'partitions', partitions, 'until', till)
return first
""")

#: Key: the board. Arguments: base, tally, board, participant (empty: from the top), how
#: many.
#: Answers nothing for no such board, else the fields of `Answer`.
READ = Script("""
local base, tally, board, participant, count = unpack(ARGV)

local info = redis.call('HGET', base .. ':boards', tally .. '|' .. board)
if not info then return false end

local function index_of(participant)
    local row = redis.call('HGET', base .. ':rows:' .. tally, participant)
    for _, place in ipairs(row and cjson.decode(row).places or {}) do
        if place[1] == board then return redis.call('ZRANK', KEYS[1], place[2]) end
    end
    return false
end

local first, last = 0, count - 1
local places = {}
if participant ~= '' then
    local index = index_of(participant)
    if index then first, last = math.max(0, index - count), index + count else last = -2 end
end
if last >= first then places = redis.call('ZRANGE', KEYS[1], first, last, 'WITHSCORES') end
local rank, ties = 0, cjson.decode(info).ties
if #places > 0 then
    if ties == 'modified' then
        rank = redis.call('ZCOUNT', KEYS[1], '-inf', places[#places])
    else
        local counted = KEYS[1]
        if ties == 'dense' then counted = base .. ':values:' .. tally .. '|' .. board end
        rank = 1 + redis.call('ZCOUNT', counted, '-inf', '(' .. places[2])
    end
end
local final = redis.call('SISMEMBER', base .. ':final', tally)
return {info, redis.call('ZCARD', KEYS[1]), final, first, rank, places}
""")

#: Key: the position. Arguments: base, participant. Answers the participant's rows.
READ_TALLIES = Script("""
local base, participant = ARGV[1], ARGV[2]
local rows = {}
for _, tally in ipairs(redis.call('SMEMBERS', base .. ':of:' .. participant)) do
    rows[#rows + 1] = redis.call('HGET', base .. ':rows:' .. tally, participant)
end
return rows
""")
