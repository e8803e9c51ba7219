// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/xml/detail/codec.hpp>

#include <string_view>
#include <type_traits>

namespace vmwright::inline v0::xml::detail
{

/// What a `map` function calls for a member, common to the archives: by the member's type it is one of their `scalar`,
/// `group` and `list`.
template <class Derived>
class Archive
{
public:
    template <class T>
    void operator()(std::string_view path, T&& field)
    {
        using Value = std::remove_cvref_t<T>;
        if constexpr (is_vector<Value>)
            self().list(path, field);
        else if constexpr (is_optional<Value>) {
            if constexpr (Scalar<typename Value::value_type>)
                self().scalar(path, field, Codec<typename Value::value_type>{});
            else
                self().group(path, field);
        } else if constexpr (Scalar<Value>)
            self().scalar(path, field, Codec<Value>{});
        else
            self().group(path, field);
    }

    /// A scalar, or a list of them, with a spelling of its own.
    template <class T, class C>
    void operator()(std::string_view path, T&& field, C const& codec)
    {
        if constexpr (is_vector<std::remove_cvref_t<T>>)
            self().list(path, field, codec);
        else
            self().scalar(path, field, codec);
    }

private:
    auto self() -> Derived& { return static_cast<Derived&>(*this); }
};

} // namespace vmwright::inline v0::xml::detail
