// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace vmwright::inline v0::qemu
{

/// A place that the host fills when it starts the process: with an fd, a socket, a secret.
struct Slot
{
    std::string name{};    ///< what the host knows it by, as "tap:net0"
    std::string printed{}; ///< what libvirt's command line would have there

    bool operator==(Slot const&) const = default;
};

class Value;
using List = std::vector<Value>;
/// In the order in which the properties were set.
using Map = std::vector<std::pair<std::string, Value>>;

/// A property of a QEMU option with its JSON type.
class Value
{
public:
    using Data = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, std::string, List, Map, Slot>;

    Value() = default;
    Value(bool v)
        : data_{v}
    {
    }
    Value(std::signed_integral auto v)
        : data_{std::int64_t{v}}
    {
    }
    Value(std::unsigned_integral auto v) requires(!std::same_as<decltype(v), bool>)
        : data_{std::uint64_t{v}}
    {
    }
    Value(std::string v)
        : data_{std::move(v)}
    {
    }
    Value(std::string_view v)
        : data_{std::string{v}}
    {
    }
    Value(char const* v)
        : data_{std::string{v}}
    {
    }
    Value(List v)
        : data_{std::move(v)}
    {
    }
    Value(Map v)
        : data_{std::move(v)}
    {
    }
    Value(Slot v)
        : data_{std::move(v)}
    {
    }

    [[nodiscard]] auto data() const noexcept -> Data const& { return data_; }
    [[nodiscard]] auto data() noexcept -> Data& { return data_; }

    bool operator==(Value const&) const = default;

private:
    Data data_{nullptr};
};

} // namespace vmwright::inline v0::qemu
