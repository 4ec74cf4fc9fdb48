@rem What `exec` is to other shells, where npm runs its scripts by cmd: there it lets signals reach Node.
@%*
