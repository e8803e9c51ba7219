// SPDX-License-Identifier: BSL-1.0
#pragma once

// Debian ships Catch2 v2 (one header), Conan v3 (several).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
