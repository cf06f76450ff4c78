"""Where the classes of the engine log what Faust says in their name."""

import logging

#: A service logs under its own module unless told otherwise: Faust's word on every start
#: and stop would come as the engine's. Under `faust` it is as loud as the rest of Faust.
FAUST_LOG = logging.getLogger("faust.engine")
