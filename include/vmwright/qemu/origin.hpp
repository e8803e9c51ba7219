// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <map>
#include <string>
#include <string_view>

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
    /// The node was chosen by the rule.
    void chose(std::string node, std::string_view rule) { list_[std::move(node)] = {.rule = std::string{rule}}; }
    /// The node stands elsewhere in the text.
    void moved(std::string node, std::string_view text_node) { list_[std::move(node)] = {.node = std::string{text_node}}; }

    /// Of a node without an entry, its nearest ancestor's origin, with the rest of the path if that is a node of the text.
    [[nodiscard]] auto find(std::string_view node) const -> Origin;

    bool operator==(Origins const&) const = default;

private:
    std::map<std::string, Origin, std::less<>> list_{};
};

} // namespace vmwright::inline v0::qemu
