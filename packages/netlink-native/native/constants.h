// The numbers of the system headers that TypeScript needs to build addresses and options, by their C names.
#pragma once

#include <napi.h>

Napi::Object SystemConstants(Napi::Env env);
