// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/nearest.hpp>
#include <vmwright/xml/detail/read_context.hpp>
#include <vmwright/xml/detail/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace vmwright::inline v0::xml::detail
{

namespace read_context
{
namespace
{

constexpr std::size_t longest_quoted = 80;

auto quoted(std::string_view text) -> std::string
{
    if (text.size() > longest_quoted)
        return fmt::format("'{}…'", text.substr(0, longest_quoted));
    return fmt::format("'{}'", text);
}

/// Whether libvirt refuses what it does not know in there, and does not merely ignore it.
auto is_strict(pugi::xml_node element) -> bool
{
    constexpr std::string_view groups[] = {"hyperv", "kvm", "xen", "capabilities"};
    auto const name = std::string_view{element.name()};
    return name == "features" ||
           (std::string_view{element.parent().name()} == "features" && std::ranges::find(groups, name) != std::end(groups));
}

auto article(std::string_view noun) -> std::string_view
{
    return std::string_view{"aeio"}.find(noun.front()) == std::string_view::npos ? "a" : "an";
}

} // namespace
} // namespace read_context

void ReadContext::asked(pugi::xml_node element, std::string_view name, bool many)
{
    if (out_)
        asked_.push_back({element.internal_object(), name, many});
}

void ReadContext::not_yet(pugi::xml_node element, std::string_view attribute)
{
    if (!out_)
        return;
    if (attribute.empty()) {
        opaque(element);
        asked(element.parent(), element.name(), true);
    }
    add(element, attribute,
        {.severity = Severity::error,
         .fault = Fault::not_supported_yet,
         .message = fmt::format("not supported yet: {}{}", element.name(),
                                attribute.empty() ? std::string{} : fmt::format("/@{}", attribute))});
}

auto ReadContext::affords(pugi::xml_node owner, std::string_view name, std::size_t bytes) -> bool
{
    if (!out_)
        return true;
    auto const before = spent_;
    spent_ += bytes;
    if (spent_ <= limit_)
        return true;
    opaque(owner);
    if (before <= limit_)
        add(child_named(owner, name), {},
            {.fault = Fault::limit,
             .message =
                 fmt::format("with its <{}> the text describes more than the limit of {} bytes of values", name, limit_)});
    return false;
}

void ReadContext::add(pugi::xml_node element, std::string_view attribute, Diagnostic diagnostic)
{
    if (!out_ || is_told_enough(diagnostic.severity))
        return;
    ++told_[static_cast<std::size_t>(diagnostic.severity)];
    auto const& tree = document_.tree();
    auto const written = attribute.empty() ? pugi::xml_attribute{} : attribute_named(element, attribute);
    diagnostic.node = attribute.empty() ? tree.path(element) : tree.path(element, attribute);
    diagnostic.where = written ? tree.location(written) : tree.location(element);
    out_->add(std::move(diagnostic));
}

void ReadContext::fault(pugi::xml_node element, std::string_view attribute, std::string_view text,
                        Complaint const& complaint)
{
    if (!out_ || is_told_enough(Severity::error))
        return;
    auto const noun = noun_of(element, attribute);
    auto hint = complaint.words.empty() ? Suggestion{.text = fmt::format("give {}", complaint.expected)}
                                        : suggestion(text, complaint.words);
    add(element, attribute,
        {.severity = Severity::error,
         .fault = complaint.fault,
         .message = fmt::format("{} is not {} {}", read_context::quoted(text), read_context::article(noun), noun),
         .hint = std::move(hint.text),
         .fix = std::move(hint.fix)});
}

void ReadContext::judge(pugi::xml_node element, Mark since)
{
    if (!out_)
        return;
    std::ranges::sort(opaque_.begin() + static_cast<std::ptrdiff_t>(since.opaque), opaque_.end());
    std::ranges::sort(taken_.begin() + static_cast<std::ptrdiff_t>(since.taken), taken_.end());
    if (!is_all_taken(element, since)) {
        std::ranges::stable_sort(asked_.begin() + static_cast<std::ptrdiff_t>(since.asked), asked_.end(), {},
                                 &Name::element);
        visit(element, since);
    }
    asked_.resize(since.asked);
    opaque_.resize(since.opaque);
    taken_.resize(since.taken);
    opaque(element);
}

auto ReadContext::is_opaque(pugi::xml_node element, Mark since) const -> bool
{
    return std::ranges::binary_search(std::span{opaque_}.subspan(since.opaque),
                                      static_cast<void const*>(element.internal_object()));
}

auto ReadContext::is_all_taken(pugi::xml_node element, Mark since) const -> bool
{
    auto const is_taken = [taken = std::span{taken_}.subspan(since.taken)](void const* what) {
        return std::ranges::binary_search(taken, what);
    };
    if (is_opaque(element, since))
        return true;
    for (auto attribute = element.first_attribute(); attribute; attribute = attribute.next_attribute())
        if (!is_taken(attribute.internal_object()))
            return false;
    for (auto child = element.first_child(); child; child = child.next_sibling()) {
        auto const type = child.type();
        auto const is_text = type == pugi::node_pcdata || type == pugi::node_cdata;
        if (is_text && !is_taken(text_key(element)) && !trimmed(child.value()).empty())
            return false;
        if (type == pugi::node_element && (!is_taken(child.internal_object()) || !is_all_taken(child, since)))
            return false;
    }
    return true;
}

void ReadContext::visit(pugi::xml_node element, Mark since)
{
    if (is_opaque(element, since))
        return;
    if (is_told_enough(Severity::warning))
        return;
    // Not equal_range: clang 14 cannot use what libstdc++ 12 returns from it.
    auto const key = static_cast<void const*>(element.internal_object());
    auto const asked = std::span{asked_}.subspan(since.asked);
    std::span const known{std::ranges::lower_bound(asked, key, {}, &Name::element),
                          std::ranges::upper_bound(asked, key, {}, &Name::element)};
    auto const is_known = [&](std::string_view sign, std::string_view name) {
        return std::ranges::any_of(known, [&](Name const& n) {
            return n.name.size() == sign.size() + name.size() && n.name.starts_with(sign) && n.name.ends_with(name);
        });
    };
    auto const candidates = [&](bool attributes) {
        std::vector<std::string_view> names;
        for (auto const& n : known)
            if (n.name != "." && n.name.starts_with('@') == attributes &&
                std::ranges::find(names, n.name.substr(attributes ? 1 : 0)) == names.end())
                names.push_back(n.name.substr(attributes ? 1 : 0));
        return names;
    };

    for (auto const attribute : element.attributes()) {
        auto const name = std::string_view{attribute.name()};
        if (has_prefix(name) || name == "xmlns" || is_told_enough(Severity::warning) || is_known("@", name))
            continue;
        auto const meant = suggestion(name, candidates(true), FixKind::rename);
        add(element, name,
            {.severity = Severity::warning,
             .fault = Fault::unknown_attribute,
             .message = fmt::format("<{}> has no attribute '{}'; it is ignored", element.name(), name),
             .hint = meant.text,
             .fix = meant.fix});
    }
    for (auto const child : element.children()) {
        if (is_told_enough(Severity::warning))
            return;
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
            if (!trimmed(child.value()).empty() && !is_known("", ".") && !candidates(false).empty())
                add(element, {},
                    {.severity = Severity::warning,
                     .fault = Fault::ignored,
                     .message = fmt::format("the text {} in <{}> is ignored", read_context::quoted(trimmed(child.value())),
                                            element.name())});
            continue;
        }
        if (child.type() != pugi::node_element)
            continue;
        auto const is_foreign = has_prefix(child.name());
        auto const canonical = is_foreign ? canonical_name(child) : std::string{};
        auto const name = is_foreign ? std::string_view{canonical} : std::string_view{child.name()};
        if (!is_known("", name)) {
            auto const is_strict = read_context::is_strict(element);
            auto const meant = suggestion(name, candidates(false), FixKind::rename);
            if (!is_foreign)
                add(child, {},
                    {.severity = is_strict ? Severity::error : Severity::warning,
                     .fault = Fault::unknown_element,
                     .message =
                         fmt::format("<{}> has no element '{}'{}", element.name(), name, is_strict ? "" : "; it is ignored"),
                     .hint = meant.text,
                     .fix = meant.fix});
            continue;
        }
        auto const many = std::ranges::any_of(known, [&](Name const& n) { return n.name == name && n.many; });
        if (!many && child != child_named(element, name)) {
            // of its devices, libvirt refuses a second one where there can be one only; elsewhere it reads the first
            auto const is_device = std::string_view{element.name()} == "devices" && name != "emulator";
            add(child, {},
                {.severity = is_device ? Severity::error : Severity::warning,
                 .fault = Fault::duplicate,
                 .message = fmt::format("a second <{}>{}", name, is_device ? "" : "; only the first one counts"),
                 .hint = "remove one of them"});
            continue;
        }
        visit(child, since);
    }
}

} // namespace vmwright::inline v0::xml::detail
