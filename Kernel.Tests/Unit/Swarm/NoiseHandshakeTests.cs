using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>What no vector shows: every modifier, and everything that must fail.</summary>
[TestFixture]
public sealed class NoiseHandshakeTests
{
    private static readonly string[] Patterns = ["NN", "NK", "KK", "IK", "XX"];

    /// <summary>Every pattern with every set of psk modifiers that is valid for it.</summary>
    public static IEnumerable<string> Names =>
        from pattern in Patterns
        let places = pattern == "XX" ? 4 : 3
        from set in Enumerable.Range(0, 1 << places)
        let modifiers = Enumerable.Range(0, places).Where(place => (set & (1 << place)) != 0).Select(p => $"psk{p}")
        select $"Noise_{pattern}{string.Join('+', modifiers)}_25519_ChaChaPoly_BLAKE2s";

    [TestCase("Noise_XN_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XX_25519_AESGCM_BLAKE2s")]
    [TestCase("Noise_XX_448_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XX_25519_ChaChaPoly_BLAKE2b")]
    [TestCase("Noise_XX_25519_ChaChaPoly_BLAKE2s ")]
    [TestCase("noise_XX_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise__25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_NNpsk3_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk4_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk00_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk2+psk0_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk0+psk0_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk0+_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXfallback_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("Noise_XXpsk/_25519_ChaChaPoly_BLAKE2s")]
    [TestCase("")]
    public void Other_names_are_refused(string name)
    {
        Assert.That(NoiseProtocol.TryParse(name, out _), Is.False);
        Assert.That(() => NoiseProtocol.Parse(name), Throws.ArgumentException);
    }

    [TestCaseSource(nameof(Names))]
    public void Both_sides_end_with_the_same_keys(string name)
    {
        using Handshake handshake = new(name);
        Assert.That(handshake.Run(), Is.True);
        Assert.That(handshake.Talks(), Is.True);
        Assert.That(handshake.Initiator.Hash.SequenceEqual(handshake.Responder.Hash));
        Assert.That(handshake.Initiator.HasRemoteStatic, Is.EqualTo(handshake.Protocol.NeedsStatic(false)));
        Assert.That(handshake.Responder.HasRemoteStatic, Is.EqualTo(handshake.Protocol.NeedsStatic(true)));
    }

    [TestCaseSource(nameof(Names))]
    public void A_step_does_one_multiplication_at_most(string name)
    {
        using Handshake handshake = new(name);
        for (int i = 0; i < handshake.Protocol.MessageCount; i++)
        {
            byte[] buffer = new byte[256];
            NoiseToken[] tokens = handshake.Protocol.Message(i).ToArray();
            int agreements = tokens.Count(token => token is not (NoiseToken.E or NoiseToken.S or NoiseToken.Psk));
            HandshakeState sender = i % 2 == 0 ? handshake.Initiator : handshake.Responder;
            HandshakeState receiver = i % 2 == 0 ? handshake.Responder : handshake.Initiator;
            sender.BeginWrite(default, buffer);
            int steps = Steps(sender, out int length);
            Assert.That(steps, Is.EqualTo(Math.Max(1, agreements + tokens.Count(token => token == NoiseToken.E))));
            receiver.BeginRead(buffer.AsMemory(0, length), new byte[256]);
            Assert.That(Steps(receiver, out _), Is.EqualTo(Math.Max(1, agreements)));
        }
    }

    [TestCaseSource(nameof(Names))]
    public void A_different_prologue_fails(string name)
    {
        using Handshake handshake = new(name, prologue: "other"u8.ToArray());
        Assert.That(handshake.Run() && handshake.Talks(), Is.False);
    }

    [TestCaseSource(nameof(Names))]
    public void A_different_shared_key_fails(string name)
    {
        if (!name.Contains("psk", StringComparison.Ordinal))
        {
            return;
        }

        using Handshake handshake = new(name, pskSeed: 77);
        Assert.That(handshake.Run(), Is.False);
    }

    [TestCase("NK")]
    [TestCase("KK")]
    [TestCase("IK")]
    public void A_wrong_key_of_the_other_side_fails(string pattern)
    {
        using Handshake handshake = new($"Noise_{pattern}_25519_ChaChaPoly_BLAKE2s", wrongResponder: true);
        Assert.That(handshake.Run(), Is.False);
    }

    [TestCaseSource(nameof(Names))]
    public void No_bit_of_a_message_can_be_flipped(string name)
    {
        using Handshake right = new(name);
        List<byte[]> messages = right.Messages();
        var random = new Random(5);
        for (int i = 0; i < 40; i++)
        {
            int which = random.Next(messages.Count), bit = random.Next(messages[which].Length * 8);
            using Handshake handshake = new(name);
            bool finished = handshake.Run(
                (index, message) =>
                {
                    if (index == which)
                    {
                        message[bit / 8] ^= (byte)(1 << (bit % 8));
                    }

                    return message;
                });
            Assert.That(finished && handshake.Talks(), Is.False, $"message {which} bit {bit}");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Truncated_and_lengthened_messages_fail(string name)
    {
        using Handshake right = new(name);
        int[] lengths = right.Messages().Select(message => message.Length).ToArray();
        for (int which = 0; which < lengths.Length; which++)
        {
            foreach (int length in new[] { 0, 1, 31, lengths[which] - 1, lengths[which] + 1 })
            {
                using Handshake handshake = new(name);
                bool finished = handshake.Run((index, message) =>
                {
                    if (index == which)
                    {
                        Array.Resize(ref message, length);
                    }

                    return message;
                });
                Assert.That(finished && handshake.Talks(), Is.False, $"message {which} of {length} bytes");
            }
        }
    }

    [Test]
    public void A_replayed_message_of_another_handshake_fails()
    {
        const string name = "Noise_XX_25519_ChaChaPoly_BLAKE2s";
        using Handshake earlier = new(name, seed: 900);
        List<byte[]> old = earlier.Messages();
        for (int which = 0; which < old.Count; which++)
        {
            using Handshake handshake = new(name);
            Assert.That(handshake.Run((index, message) => index == which ? old[index] : message), Is.False);
        }
    }

    [Test]
    public void Messages_out_of_order_fail()
    {
        const string name = "Noise_XX_25519_ChaChaPoly_BLAKE2s";
        using Handshake earlier = new(name);
        List<byte[]> messages = earlier.Messages();
        foreach (int wrong in new[] { 1, 2 })
        {
            using Handshake handshake = new(name);
            Assert.That(handshake.Run((index, message) => index == 0 ? messages[wrong] : message), Is.False);
        }

        using Handshake doubled = new(name);
        Assert.That(doubled.Run((index, message) => index == 2 ? messages[0] : message), Is.False);
    }

    [Test]
    public void Keys_that_agree_with_everybody_are_refused()
    {
        // RFC 7748, section 6.1: the points of small order, among them 0 and 1.
        string[] points =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ];
        foreach (string point in points)
        {
            using Handshake handshake = new("Noise_NN_25519_ChaChaPoly_BLAKE2s");
            Assert.That(handshake.Run((index, message) => index == 0 ? Hex.Parse(point) : message), Is.False);
            Assert.That(handshake.Responder.HasFailed, Is.True, point);
            Assert.That(handshake.InitiatorKeys.TryAgree(Hex.Parse(point), new byte[32]), Is.False);
        }
    }

    [Test]
    public void Turns_are_kept_and_a_failure_is_final()
    {
        using Handshake handshake = new("Noise_XX_25519_ChaChaPoly_BLAKE2s");
        byte[] buffer = new byte[256];
        Assert.That(() => handshake.Responder.Write(default, buffer), Throws.InvalidOperationException);
        Assert.That(() => handshake.Initiator.TryRead(buffer, buffer, out _), Throws.InvalidOperationException);
        Assert.That(() => handshake.Initiator.Split(out _, out _), Throws.InvalidOperationException);
        Assert.That(() => handshake.Initiator.Write(new byte[250], buffer), Throws.ArgumentException);
        Assert.That(handshake.Responder.TryRead(buffer.AsMemory(0, 5), buffer, out _), Is.False);
        Assert.That(() => handshake.Responder.TryRead(buffer, buffer, out _), Throws.InvalidOperationException);
        Assert.That(() => handshake.Responder.Step(out _), Throws.InvalidOperationException);
    }

    [Test]
    public void What_the_protocol_needs_must_be_there()
    {
        using KeyPair pair = KeyPair.Generate(new FixedRandom(1));
        NoiseProtocol kk = NoiseProtocol.Parse("Noise_KK_25519_ChaChaPoly_BLAKE2s");
        var parts = new HandshakeParts(kk, true, new FixedRandom(2)) { Static = pair, RemoteStatic = new byte[32] };
        using var whole = new HandshakeState(parts);
        Assert.That(() => new HandshakeState(parts with { Static = null }), Throws.ArgumentException);
        Assert.That(() => new HandshakeState(parts with { RemoteStatic = default }), Throws.ArgumentException);
        Assert.That(() => new HandshakeState(parts with { Psks = [new SecretBytes(32)] }), Throws.ArgumentException);
        NoiseProtocol psk = NoiseProtocol.Parse("Noise_NNpsk0_25519_ChaChaPoly_BLAKE2s");
        var one = new HandshakeParts(psk, true, new FixedRandom(2)) { Psks = [new SecretBytes(32)] };
        using var other = new HandshakeState(one);
        Assert.That(() => new HandshakeState(one with { Psks = [new SecretBytes(31)] }), Throws.ArgumentException);
        Assert.That(() => new HandshakeState(one with { Psks = [] }), Throws.ArgumentException);
    }

    [Test]
    public void A_used_up_counter_is_an_error_and_the_last_value_is_never_used()
    {
        using var state = new CipherState();
        state.InitializeKey(new byte[32]);
        state.SetNonce(ulong.MaxValue - 1);
        byte[] text = new byte[20];
        Assert.That(state.TryEncrypt(default, text.AsSpan(0, 4), text, out _), Is.True);
        Assert.That(state.IsExhausted, Is.True);
        Assert.That(state.TryEncrypt(default, text.AsSpan(0, 4), text, out _), Is.False);
        Assert.That(state.TryDecrypt(default, text, text, out _), Is.False);
    }

    [Test]
    public void A_new_key_is_the_encryption_of_zeros_under_the_last_counter()
    {
        // Noise, revision 34, section 4.2, with BouncyCastle itself as the judge.
        byte[] key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        byte[] nonce = [0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255];
        byte[] expected = Seal(Seal(key, nonce, new byte[32])[..32], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], "hi"u8);
        using var state = new CipherState();
        state.InitializeKey(key);
        state.TryEncrypt(default, "one"u8, new byte[19], out _);
        state.Rekey();
        byte[] sealedText = new byte[18];
        Assert.That(state.TryEncrypt(default, "hi"u8, sealedText, out _), Is.True);
        Assert.That(sealedText, Is.EqualTo(expected));
    }

    [Test]
    public void A_wiped_key_lets_nothing_pass()
    {
        var state = new CipherState();
        state.InitializeKey(new byte[32]);
        state.Dispose();
        Assert.That(state.TryEncrypt(default, "hi"u8, new byte[18], out _), Is.False);
        Assert.That(state.TryDecrypt(default, "hi"u8, new byte[18], out _), Is.False);
    }

    [Test]
    public void Texts_pass_through_two_states_whatever_they_are()
    {
        Gen.Select(Gen.Byte.Array[0, 700], Gen.Byte.Array[0, 80], Gen.Byte.Array[32], Gen.ULong).Sample(
            (text, associated, key, nonce) =>
            {
                using var sender = new CipherState();
                using var receiver = new CipherState();
                sender.InitializeKey(key);
                receiver.InitializeKey(key);
                nonce = Math.Min(nonce, ulong.MaxValue - 1);
                sender.SetNonce(nonce);
                receiver.SetNonce(nonce);
                byte[] wire = new byte[text.Length + 16];
                text.CopyTo(wire, 0);
                return sender.TryEncrypt(associated, wire.AsSpan(0, text.Length), wire, out _)
                    && receiver.TryDecrypt(associated, wire, wire, out int length)
                    && wire.AsSpan(0, length).SequenceEqual(text);
            },
            iter: 500);
    }

    private static int Steps(HandshakeState side, out int length)
    {
        int steps = 1;
        while (side.Step(out length) == HandshakeProgress.More)
        {
            steps++;
        }

        return steps;
    }

    private static byte[] Seal(byte[] key, byte[] nonce, ReadOnlySpan<byte> text)
    {
        var cipher = new ChaCha20Poly1305();
        cipher.Init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] sealedText = new byte[text.Length + 16];
        int done = cipher.ProcessBytes(text, sealedText);
        cipher.DoFinal(sealedText.AsSpan(done));
        return sealedText;
    }

    /// <summary>Two sides of a handshake that are made for each other, but for what the test wants otherwise.</summary>
    private sealed class Handshake : IDisposable
    {
        public Handshake(
            string name, byte[]? prologue = null, int pskSeed = 50, bool wrongResponder = false, int seed = 10)
        {
            Protocol = NoiseProtocol.Parse(name);
            InitiatorKeys = KeyPair.Generate(new FixedRandom(1));
            ResponderKeys = KeyPair.Generate(new FixedRandom(2));
            using KeyPair stranger = KeyPair.Generate(new FixedRandom(3));
            KeyPair thought = wrongResponder ? stranger : ResponderKeys;
            Initiator = new HandshakeState(new HandshakeParts(Protocol, true, new FixedRandom(seed))
            {
                Static = InitiatorKeys,
                RemoteStatic = Protocol.ResponderIsKnown ? thought.PublicKey.ToArray() : default,
                Psks = Psks(50),
            });
            Responder = new HandshakeState(new HandshakeParts(Protocol, false, new FixedRandom(seed + 1))
            {
                Prologue = prologue,
                Static = ResponderKeys,
                RemoteStatic = Protocol.InitiatorIsKnown ? InitiatorKeys.PublicKey.ToArray() : default,
                Psks = Psks(pskSeed),
            });
        }

        public NoiseProtocol Protocol { get; }

        public KeyPair InitiatorKeys { get; }

        public KeyPair ResponderKeys { get; }

        public HandshakeState Initiator { get; }

        public HandshakeState Responder { get; }

        public List<byte[]> Messages()
        {
            var messages = new List<byte[]>();
            Assert.That(Run((_, message) =>
            {
                messages.Add((byte[])message.Clone());
                return message;
            }));
            return messages;
        }

        public bool Run(Func<int, byte[], byte[]>? wire = null)
        {
            for (int i = 0; i < Protocol.MessageCount; i++)
            {
                HandshakeState sender = i % 2 == 0 ? Initiator : Responder;
                HandshakeState receiver = i % 2 == 0 ? Responder : Initiator;
                byte[] message = new byte[sender.NextOverhead], payload = new byte[512];
                if (sender.Write(default, message) != message.Length)
                {
                    return false;
                }

                message = wire is null ? message : wire(i, message);
                if (!receiver.TryRead(message, payload, out int length) || length != 0)
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>Does a text of each side reach the other?</summary>
        public bool Talks()
        {
            Initiator.Split(out CipherState forth, out CipherState backOpener);
            Responder.Split(out CipherState back, out CipherState forthOpener);
            byte[] text = new byte[21];
            return forth.TryEncrypt(default, "forth"u8, text, out _)
                && forthOpener.TryDecrypt(default, text, text, out _)
                && back.TryEncrypt(default, "back."u8, text, out _)
                && backOpener.TryDecrypt(default, text, text, out _);
        }

        public void Dispose()
        {
            Initiator.Dispose();
            Responder.Dispose();
        }

        private SecretBytes[] Psks(int seed) => Enumerable.Range(0, Protocol.PskCount).Select(i =>
        {
            var psk = new SecretBytes(HandshakeState.PskLength);
            new FixedRandom(seed + i).Fill(psk.Span);
            return psk;
        }).ToArray();
    }
}
