"""How operations stand to each other: who makes what, who reads the jobs, who names objects of others."""
