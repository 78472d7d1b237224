using System;
using System.IO;
using System.Linq;
using HaukiOS.Host;
using HaukiOS.Host.Unlock;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>The operator's own files.</summary>
[TestFixture]
public sealed class KnownNodesTests
{
    private static readonly Fingerprint One = Fingerprint.Of(new byte[] { 1 });
    private static readonly Fingerprint Two = Fingerprint.Of(new byte[] { 2 });

    private string directory = string.Empty;

    private string PathOf(string name) => Path.Combine(directory, "deep", name);

    [SetUp]
    public void MakeDirectory() => directory = Directory.CreateTempSubdirectory("hauki-known-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(directory, recursive: true);

    [Test]
    public void A_node_that_was_pinned_is_known_and_the_operators_own_lines_stay()
    {
        string file = PathOf("known-nodes");
        Assert.That(KnownNodes.Load(file).Find(NodeAddress.Parse("10.0.0.1")), Is.Null);
        KnownNodes.Load(file).Pin(NodeAddress.Parse("10.0.0.1"), One);
        File.AppendAllText(file, "# the one in the cellar\n\n");
        KnownNodes.Load(file).Pin(NodeAddress.Parse("Node.example:99"), Two);
        KnownNodes known = KnownNodes.Load(file);
        Assert.That(known.Find(NodeAddress.Parse("10.0.0.1:4285")), Is.EqualTo(One));
        Assert.That(known.Find(NodeAddress.Parse("node.EXAMPLE:99")), Is.EqualTo(Two));
        Assert.That(known.Find(NodeAddress.Parse("10.0.0.1:99")), Is.Null);
        Assert.That(File.ReadAllText(file), Is.EqualTo(
            $"10.0.0.1:4285 {One}\n# the one in the cellar\n\nnode.example:99 {Two}\n"));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file)!), Has.Length.EqualTo(1), "nothing is left beside");
    }

    [TestCase("10.0.0.1:4285")]
    [TestCase("10.0.0.1:4285 0000")]
    [TestCase("10.0.0.1:4285 not a fingerprint at all, but long enough to be one")]
    public void A_line_that_makes_no_sense_stops_everything(string line)
    {
        string file = PathOf("known-nodes");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"# fine\n{line}\n");
        Assert.That(() => KnownNodes.Load(file), Throws.TypeOf<UserErrorException>().With.Message.Contain("line 2"));
    }

    [Test]
    public void Two_pins_for_one_node_stop_everything()
    {
        string file = PathOf("known-nodes");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"10.0.0.1:4285 {One}\n10.0.0.1:4285 {Two}\n");
        Assert.That(() => KnownNodes.Load(file), Throws.TypeOf<UserErrorException>());
    }

    [TestCase("10.0.0.1", "10.0.0.1:4285")]
    [TestCase("Node.Example", "node.example:4285")]
    [TestCase("10.0.0.1:1", "10.0.0.1:1")]
    public void An_address_is_read(string text, string expected) =>
        Assert.That(NodeAddress.Parse(text).ToString(), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("10.0.0.1:")]
    [TestCase("10.0.0.1:0")]
    [TestCase("10.0.0.1:65536")]
    [TestCase("10.0.0.1:-1")]
    [TestCase("two words")]
    [TestCase("::1")]
    public void What_is_no_address_is_told(string text) =>
        Assert.That(() => NodeAddress.Parse(text), Throws.TypeOf<UserErrorException>());

    [Test]
    public void The_operators_key_is_made_once_and_is_nobody_elses_business()
    {
        string file = PathOf("operator-key");
        using KeyPair made = OperatorKey.LoadOrMake(file), again = OperatorKey.LoadOrMake(file);
        Assert.That(again.PublicKey.SequenceEqual(made.PublicKey));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            UnixFileMode others = File.GetUnixFileMode(Path.GetDirectoryName(file)!) & (UnixFileMode)0b111_111;
            Assert.That(others, Is.EqualTo(UnixFileMode.None));
        }

        File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)1, 31)]);
        Assert.That(() => OperatorKey.LoadOrMake(file), Throws.TypeOf<UserErrorException>());
    }
}
