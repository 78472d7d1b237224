using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>Walks the tree and keeps it a house: arrows between rooms, sizes, nothing left lying about.</summary>
[TestFixture]
internal sealed partial class TidyTests
{
    private const int ColumnsMax = 120;
    private const int FunctionLinesMax = 70;

    /// <summary>Which project may refer to which. Whoever is not here may refer to all of them.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["System.Private.CoreLib"] = [],
        ["HaukiOS.Kernel"] = [],
        ["HaukiOS.Drivers"] = ["HaukiOS.Kernel"],
        ["HaukiOS.Machine"] = ["HaukiOS.Kernel"],
        ["HaukiOS.Migration"] = ["HaukiOS.Kernel"],
        ["HaukiOS.Image"] = ["HaukiOS.Kernel", "HaukiOS.Machine", "HaukiOS.Drivers", "HaukiOS.Migration"],
        ["HaukiOS.Build"] = [],
        ["hauki"] = ["HaukiOS.Kernel", "HaukiOS.Migration"],
        ["HaukiOS.Conformance"] = ["HaukiOS.Kernel", "HaukiOS.Drivers"],
    };

    /// <summary>Folder, the namespaces it may declare, and those it may not use, by their beginnings.</summary>
    private static readonly (string Folder, string[] Declares, string[] MayNotUse)[] Rooms =
    [
        ("Kernel/Runtime/", ["System", "Internal", "Microsoft"], ["HaukiOS"]),
        ("Kernel/Boot/", ["HaukiOS.Machine"], ["HaukiOS.Drivers", "HaukiOS.Image", "HaukiOS.Host"]),
        ("Kernel/Machine/", ["HaukiOS.Machine"], ["HaukiOS.Drivers", "HaukiOS.Image", "HaukiOS.Host"]),
        ("Kernel/", ["HaukiOS"],
            ["HaukiOS.Machine", "HaukiOS.Drivers", "HaukiOS.Migration", "HaukiOS.Image", "HaukiOS.Host"]),
        ("Migration/", ["HaukiOS.Migration"], ["HaukiOS.Machine", "HaukiOS.Drivers", "HaukiOS.Image", "HaukiOS.Host"]),
        ("Drivers/", ["HaukiOS.Drivers"], ["HaukiOS.Machine", "HaukiOS.Image", "HaukiOS.Host", "HaukiOS.Store"]),
        ("Iso/Build/", ["HaukiOS.Build"], ["HaukiOS.Machine", "HaukiOS.Drivers", "HaukiOS.Image", "HaukiOS.Host"]),
        ("Iso/", ["HaukiOS.Image"], ["HaukiOS.Host", "HaukiOS.Build"]),
        ("Host/", ["HaukiOS.Host"], ["HaukiOS.Machine", "HaukiOS.Drivers", "HaukiOS.Image", "HaukiOS.Build"]),
    ];

    private static IEnumerable<string> CSharpFiles => FilesOf(".cs");

    private static IEnumerable<string> Projects => FilesOf(".csproj");

    [Test]
    public void Projects_refer_to_each_other_as_the_arrows_allow()
    {
        var wrong = new List<string>();
        foreach (string project in Projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            IEnumerable<string> references = XDocument.Load(SourceTree.PathOf(project)).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            if (Arrows.TryGetValue(name, out string[]? allowed))
            {
                wrong.AddRange(references.Except(allowed).Select(other => $"{name} refers to {other}"));
            }
        }

        AssertNone(wrong);
    }

    [Test]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(SourceTree.PathOf("HaukiOS.sln")).Replace('\\', '/');

        AssertNone(Projects.Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal)));
    }

    [Test]
    public void Code_stays_in_the_namespaces_of_its_room()
    {
        var wrong = new List<string>();
        foreach (string file in CSharpFiles)
        {
            (string folder, string[] declares, string[] mayNotUse) =
                Rooms.FirstOrDefault(room => file.StartsWith(room.Folder, StringComparison.Ordinal));
            if (folder is null)
            {
                continue;
            }

            CompilationUnitSyntax unit = Parse(file);
            wrong.AddRange(unit.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
                .Select(space => space.Name.ToString())
                .Where(space => !declares.Any(start => IsWithin(space, start)))
                .Select(space => $"{file} declares {space}"));
            wrong.AddRange(unit.DescendantNodes().OfType<UsingDirectiveSyntax>()
                .Select(use => use.NamespaceOrType.ToString())
                .Where(space => mayNotUse.Any(start => IsWithin(space, start)))
                .Select(space => $"{file} uses {space}"));
        }

        AssertNone(wrong);
    }

    [Test]
    public void No_line_is_longer_than_120_columns()
    {
        string[] kinds = [".cs", ".asm", ".inc", ".ps1", ".props", ".targets", ".csproj", ".sh", ".cfg", "Makefile"];
        var wrong = new List<string>();
        foreach (string file in SourceTree.Files.Where(file => kinds.Any(file.EndsWith)))
        {
            wrong.AddRange(File.ReadLines(SourceTree.PathOf(file)).Index()
                .Where(line => line.Item.Length > ColumnsMax)
                .Select(line => $"{file}:{line.Index + 1}: {line.Item.Length} columns"));
        }

        AssertNone(wrong);
    }

    [Test]
    public void No_function_is_longer_than_70_lines_without_a_reason()
    {
        var wrong = new List<string>();
        foreach (string file in CSharpFiles)
        {
            foreach (SyntaxNode function in Parse(file).DescendantNodes().Where(IsFunction))
            {
                FileLinePositionSpan span = function.SyntaxTree.GetLineSpan(function.Span);
                int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
                if (lines > FunctionLinesMax
                    && !function.GetLeadingTrivia().ToFullString().Contains("// Long: ", StringComparison.Ordinal))
                {
                    wrong.Add($"{file}:{span.StartLinePosition.Line + 1}: {lines} lines, and no `// Long: why`");
                }
            }
        }

        AssertNone(wrong);
    }

    [Test]
    public void Nothing_is_put_off()
    {
        AssertNone(Lines(Putting()));
    }

    [Test]
    public void No_file_names_a_place_of_somebodys_machine()
    {
        AssertNone(Lines(MachinePath()));
    }

    [Test]
    public void Everything_public_is_documented_wherever_the_compiler_can_hold_it()
    {
        string[] documented = ["HaukiOS.Kernel", "HaukiOS.Drivers", "HaukiOS.Machine", "HaukiOS.Build", "hauki"];
        foreach (string name in documented)
        {
            string project = Projects.Single(file => Path.GetFileNameWithoutExtension(file) == name);
            Assert.That(
                XDocument.Load(SourceTree.PathOf(project)).Descendants("GenerateDocumentationFile")
                    .Select(property => property.Value),
                Is.EqualTo(new[] { "true" }), name);
        }
    }

    [Test]
    public void Every_file_is_used_by_another()
    {
        // These are found by their place or by their kind: by a compiler, by git, by an editor, by a person.
        string[] foundByKind = [".cs", ".asm", ".csproj", ".sln"];
        string[] foundByPlace =
        [
            ".ci/run", ".editorconfig", ".gitattributes", ".gitignore", "Directory.Build.props",
            "Directory.Packages.props", "Makefile", "README.md", "build.ps1", "global.json", "LICENSE",
        ];
        List<(string File, string Text)> texts = SourceTree.Files
            .Where(file => !file.EndsWith(".png", StringComparison.Ordinal))
            .Select(file => (file, File.ReadAllText(SourceTree.PathOf(file)))).ToList();
        IEnumerable<string> orphans = SourceTree.Files
            .Where(file => !foundByKind.Any(file.EndsWith) && !foundByPlace.Contains(file))
            .Where(file => !texts.Any(other => other.File != file
                && other.Text.Contains(Path.GetFileName(file), StringComparison.Ordinal)));

        AssertNone(orphans);
    }

    private static void AssertNone(IEnumerable<string> found)
    {
        List<string> all = found.ToList();
        Assert.That(all, Is.Empty, string.Join('\n', all));
    }

    private static IEnumerable<string> FilesOf(string kind) =>
        SourceTree.Files.Where(file => file.EndsWith(kind, StringComparison.Ordinal));

    private static List<string> Lines(Regex forbidden) =>
        (from file in SourceTree.Files
         where !file.EndsWith(".png", StringComparison.Ordinal)
             && !file.EndsWith("/TidyTests.cs", StringComparison.Ordinal)
         from line in File.ReadLines(SourceTree.PathOf(file)).Index()
         where forbidden.IsMatch(line.Item)
         select $"{file}:{line.Index + 1}: {line.Item.Trim()}").ToList();

    private static CompilationUnitSyntax Parse(string file) =>
        CSharpSyntaxTree.ParseText(
            File.ReadAllText(SourceTree.PathOf(file)),
            CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview))
            .GetCompilationUnitRoot();

    private static bool IsFunction(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    private static bool IsWithin(string space, string start) =>
        space == start || space.StartsWith(start + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex Putting();

    [GeneratedRegex(@"(?<![\w.])/(work|home|root|Users)/\w|/tmp/\w|[A-Z]:\\Users")]
    private static partial Regex MachinePath();
}
