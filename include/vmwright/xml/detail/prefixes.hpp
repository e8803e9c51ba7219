// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// `q` of `q:name`; empty when there is none.
[[nodiscard]] inline auto prefix_of(std::string_view name) -> std::string_view
{
    auto const colon = name.find(':');
    return colon == name.npos ? std::string_view{} : name.substr(0, colon);
}

/// The namespace prefixes that are declared where a scanner stands.
class Prefixes
{
public:
    void declare(std::string_view prefix)
    {
        declared_.push_back(prefix);
        ++in_scope_[prefix];
    }

    /// What `leave` needs to forget the declarations made after this.
    [[nodiscard]] auto enter() const -> std::size_t { return declared_.size(); }
    void leave(std::size_t entered)
    {
        for (; declared_.size() > entered; declared_.pop_back())
            --in_scope_[declared_.back()];
    }

    [[nodiscard]] auto is_declared(std::string_view prefix) const -> bool
    {
        if (prefix.empty() || prefix == "xml" || prefix == "xmlns")
            return true;
        auto const found = in_scope_.find(prefix);
        return found != in_scope_.end() && found->second > 0;
    }

private:
    std::vector<std::string_view> declared_; ///< those of the innermost element last
    std::unordered_map<std::string_view, std::size_t> in_scope_;
};

} // namespace vmwright::inline v0::xml::detail
