"""Step Functions and what starts them: the emulator walks the states; the rest is put right here.

Tasks of ECS really run and decide how their state ends (:mod:`run_task`), an execution that is over
stays over and takes its task along (:mod:`endings`), what happens in it is logged (:mod:`logs`),
choices know every comparison (:mod:`language`), and schedules keep to their time zone
(:mod:`schedules`).
"""
