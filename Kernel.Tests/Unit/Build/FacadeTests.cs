using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using HaukiOS.Build.Facades;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>A facade has the identity of another assembly, and nothing but directions.</summary>
[TestFixture]
internal sealed class FacadeTests
{
    private static readonly AssemblyIdentity Identity = new("System.Runtime", new(10, 0, 0, 0), "00240000048000009400");
    private static readonly AssemblyIdentity Home = new("System.Private.CoreLib", new(0, 1, 0, 0), "");

    private static readonly Dictionary<string, AssemblyIdentity> Homes = new()
    {
        ["System.String"] = Home,
        ["System.Collections.Generic.List`1"] = Home,
        ["System.Collections.Generic.List`1+Enumerator"] = Home,
        ["Global"] = Home,
    };

    [Test]
    public void It_carries_the_identity_it_stands_for()
    {
        Assert.That(Read([], AssemblyIdentity.Of), Is.EqualTo(Identity));
    }

    [Test]
    public void It_forwards_what_exists_and_leaves_out_what_does_not()
    {
        string[] wanted = ["System.String", "System.Threading.Barrier", "Global"];

        Assert.That(Read(wanted, Forwards), Is.EqualTo(new[] { "System.String", "Global" }));
    }

    [Test]
    public void Nested_types_follow_the_type_they_are_in()
    {
        string[] wanted = ["System.Collections.Generic.List`1", "System.Collections.Generic.List`1+Enumerator"];

        Assert.That(Read(wanted, Forwards), Is.EqualTo(wanted));
    }

    [Test]
    public void Equal_facades_are_equal_bytes()
    {
        Assert.That(
            FacadeWriter.Facade(Identity, ["System.String"], Homes),
            Is.EqualTo(FacadeWriter.Facade(Identity, ["System.String"], Homes)));
    }

    private static T Read<T>(IEnumerable<string> types, System.Func<MetadataReader, T> read)
    {
        using var image = new PEReader(ImmutableArray.Create(FacadeWriter.Facade(Identity, types, Homes)));
        return read(image.GetMetadataReader());
    }

    private static List<string> Forwards(MetadataReader metadata) => TypeNames.Offered(metadata)
        .Where(name => name != "<Module>").ToList();
}
