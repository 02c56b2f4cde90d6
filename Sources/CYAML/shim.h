// libyaml, as its header has it.

#ifndef CAMPAIGND_CYAML_SHIM_H
#define CAMPAIGND_CYAML_SHIM_H

#include <yaml.h>

#endif
