"""What the emulator's own API forgets, completed in the emulator's own stores.

The emulator answers ``CreateNatGateway`` and then shows no address; it takes a flow log's
destination options and never returns them. A read-back against such an API proves nothing, so
the API itself is completed: what a create call carried is kept on the record that the emulator
made, and a describe call shows it. Nothing here keeps a store of its own: remove the create
call and the read-back finds nothing.
"""
