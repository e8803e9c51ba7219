// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

#include <boost/system/result.hpp>

namespace vmwright::inline v0
{

/// A value or the error that stands in its place; `value()` throws that Error.
/// For the operations that fail for one reason. Reading and checking, which find many, return Parsed and Checked.
template <class T>
using Result = boost::system::result<T, Error>;

/// Boost.System's customization point, found by argument-dependent lookup.
[[noreturn]] inline void throw_exception_from_error(Error const& error, boost::source_location const&)
{
    throw error;
}

} // namespace vmwright::inline v0
