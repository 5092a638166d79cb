// Operations, graphs and plans.
