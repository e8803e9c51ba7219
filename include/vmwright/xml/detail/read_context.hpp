// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/diagnostic.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/tree.hpp>
#include <vmwright/xml/document.hpp>

#include <pugixml.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace vmwright::inline v0::xml::detail
{

/// What all readers of one document share: where faults go, what they asked for at which element and what they took there,
/// from which follows what nobody knows.
class ReadContext
{
public:
    /// Without `out` faults are not told.
    ReadContext(Document const& document, Diagnostics* out, Limits limits = {})
        : document_{document}
        , out_{out}
        , limit_{limits.values}
    {
        constexpr std::size_t usual_questions = 512, usual_answers = 128;
        if (out_ != nullptr) {
            asked_.reserve(usual_questions);
            taken_.reserve(usual_answers);
        }
    }

    void asked(pugi::xml_node element, std::string_view name, bool many);
    /// Somebody has taken the element, the attribute, or the text in the element.
    void took(pugi::xml_node element) { took(static_cast<void const*>(element.internal_object())); }
    void took(pugi::xml_attribute attribute) { took(static_cast<void const*>(attribute.internal_object())); }
    void took_text(pugi::xml_node element)
    {
        if (element)
            took(text_key(element));
    }
    /// The content of the element is not ours to judge.
    void opaque(pugi::xml_node element) { opaque_.push_back(element.internal_object()); }
    /// The element or its attribute is libvirt's, but this library does not have it yet.
    void not_yet(pugi::xml_node element, std::string_view attribute);

    /// Whether so many more bytes of values may be made of the elements in `owner`; when not, that is told once.
    auto affords(pugi::xml_node owner, std::string_view name, std::size_t bytes) -> bool;

    void fault(pugi::xml_node element, std::string_view attribute, std::string_view text, Complaint const& complaint);
    void add(pugi::xml_node element, std::string_view attribute, Diagnostic diagnostic);

    /// Everything in the document that no reader asked for, and what was asked for once but is there twice.
    void report_unknown() { judge(document_.tree().root(), {}); }

    /// How much has been asked so far.
    struct Mark
    {
        std::size_t asked{};
        std::size_t opaque{};
        std::size_t taken{};
    };
    [[nodiscard]] auto mark() const -> Mark { return {asked_.size(), opaque_.size(), taken_.size()}; }
    /// Reports what nobody asked for in an element of which all was asked since the mark, and forgets the questions: a
    /// list of many devices costs no more than one of them.
    void judge(pugi::xml_node element, Mark since);

private:
    struct Name
    {
        void const* element{};
        std::string_view name{};
        bool many{};
    };

    /// A hostile text must not cost its size in messages: of each severity only the first ones are told.
    [[nodiscard]] auto is_told_enough(Severity severity) const -> bool
    {
        return told_[static_cast<std::size_t>(severity)] >= 200;
    }
    void took(void const* what)
    {
        if (out_ && what != nullptr && (taken_.empty() || taken_.back() != what))
            taken_.push_back(what);
    }
    /// Not the address of anything else.
    [[nodiscard]] static auto text_key(pugi::xml_node element) -> void const*
    {
        return reinterpret_cast<char const*>(element.internal_object()) + 1;
    }
    [[nodiscard]] auto is_opaque(pugi::xml_node element, Mark since) const -> bool;
    /// Whether somebody took all that there is in the element: then there is nothing to be told of it.
    [[nodiscard]] auto is_all_taken(pugi::xml_node element, Mark since) const -> bool;
    void visit(pugi::xml_node element, Mark since);

    Document const& document_;
    Diagnostics* out_;
    std::size_t limit_;
    std::size_t spent_{};
    std::array<std::size_t, 3> told_{};
    std::vector<Name> asked_{};
    std::vector<void const*> opaque_{};
    std::vector<void const*> taken_{};
};

} // namespace vmwright::inline v0::xml::detail
