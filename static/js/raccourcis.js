// raccourcis
