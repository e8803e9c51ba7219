// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vmwright::inline v0::qemu
{

/// Where something came from: a node of the text that was read, or a rule that chose it. Both when a rule
/// completed what the node says.
struct Origin
{
    std::string node{}; ///< XPath in the text
    std::string rule{}; ///< a short name, the same wherever that rule chooses

    bool operator==(Origin const&) const = default;
};

/// The origins of a resolved configuration's nodes. What is not listed came from the node of the same path in the text.
class Origins
{
public:
    /// The node was chosen by the rule, whose text lives as long as the program does.
    void chose(std::string node, std::string_view rule)
    {
        constexpr std::size_t usual = 128;
        if (list_.empty())
            list_.reserve(usual);
        list_[std::move(node)] = {.rule = rule};
    }
    /// The node stands elsewhere in the text.
    void moved(std::string node, std::string_view text_node) { list_[std::move(node)] = {.node = std::string{text_node}}; }

    /// Of a node without an entry, its nearest ancestor's origin, with the rest of the path if that is a node of the text.
    [[nodiscard]] auto find(std::string_view node) const -> Origin;

    bool operator==(Origins const&) const = default;

private:
    struct Entry
    {
        std::string node{};
        std::string_view rule{};

        bool operator==(Entry const&) const = default;
    };
    struct Hash
    {
        using is_transparent = void;
        auto operator()(std::string_view node) const noexcept -> std::size_t { return std::hash<std::string_view>{}(node); }
    };
    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> list_{};
};

} // namespace vmwright::inline v0::qemu
