using System;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Swarm;

/// <summary>
/// The channel's cryptography held against public vectors on this very machine, for <c>selftest</c>: two of
/// cacophony's, with both sides played. Every method gives true if all is as published.
/// </summary>
public static class NoiseVectors
{
    private const string InitiatorStatic = "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1";
    private const string InitiatorEphemeral = "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a";
    private const string ResponderStatic = "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893";
    private const string ResponderEphemeral = "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b";
    private const string ResponderPublic = "31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62";
    private const string Psk = "54686973206973206d7920417573747269616e20706572737065637469766521";
    private const string Prologue = "4a6f686e2047616c74";

    /// <summary>Noise_XX_25519_ChaChaPoly_BLAKE2s: the hash of the handshake, and the first message after it.</summary>
    public static bool Xx() => Plays(
        "Noise_XX_25519_ChaChaPoly_BLAKE2s",
        false,
        [
            "4c756477696720766f6e204d69736573",
            "4d757272617920526f746862617264",
            "462e20412e20486179656b",
        ],
        "6c4c56cf71612f72d05ceb96c0155e6f4ea54a26b504c93de632a2db4a49d200",
        "4361726c204d656e676572",
        "d5e83adfaac5dc324a68f1862df54549e56d209fba707205f328b2",
        false);

    /// <summary>Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s: the same.</summary>
    public static bool IkPsk2() => Plays(
        "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s",
        true,
        [
            "4c756477696720766f6e204d69736573",
            "4d757272617920526f746862617264",
        ],
        "f5191b875290abcd41347ac3622d9679688a7e980229cb937ef748336cfde0e5",
        "462e20412e20486179656b",
        "8153ca9833bc3c1b91a7e66e5f4d4f5b59bf9e64c2f20d15f0bba7",
        true);

    /// <summary>
    /// Texts of all lengths round the block sizes of the cipher, encrypted and decrypted where they lie, under a key
    /// that is replaced in between; and a flipped bit is noticed.
    /// </summary>
    public static bool RecordsInPlace()
    {
        using var sender = new CipherState();
        using var receiver = new CipherState();
        byte[] key = Hex.Parse(Psk);
        sender.InitializeKey(key);
        receiver.InitializeKey(key);
        bool right = true;
        foreach (int length in new[] { 0, 1, 63, 64, 65, 79, 80, 81, 127, 128, 129, 207, 208, 209, 1000 })
        {
            byte[] text = new byte[length + CipherState.TagLength];
            Array.Fill(text, (byte)0x5A);
            right &= sender.TryEncrypt(key, text.AsSpan(0, length), text, out int sealedLength);
            text[length / 2] ^= 1;
            byte[] changed = (byte[])text.Clone();
            right &= !receiver.TryDecrypt(key, changed, changed, out _);
            text[length / 2] ^= 1;
            right &= receiver.TryDecrypt(key, text, text, out int opened);
            right &= sealedLength == text.Length && opened == length;
            right &= text.AsSpan(0, length).IndexOfAnyExcept((byte)0x5A) < 0;
            sender.Rekey();
            receiver.Rekey();
        }

        return right;
    }

    private static bool Plays(
        string name,
        bool knowsResponder,
        string[] payloads,
        string hash,
        string message,
        string ciphertext,
        bool fromInitiator)
    {
        NoiseProtocol protocol = NoiseProtocol.Parse(name);
        using var initiatorKeys = new KeyPair(Hex.Parse(InitiatorStatic));
        using var responderKeys = new KeyPair(Hex.Parse(ResponderStatic));
        using var psk = new SecretBytes(HandshakeState.PskLength);
        Hex.Parse(Psk).CopyTo(psk.Span);
        SecretBytes[] psks = protocol.PskCount > 0 ? [psk] : [];
        using var initiator = new HandshakeState(
            new HandshakeParts(protocol, true, new Chosen(Hex.Parse(InitiatorEphemeral)))
            {
                Prologue = Hex.Parse(Prologue),
                Static = initiatorKeys,
                RemoteStatic = knowsResponder ? Hex.Parse(ResponderPublic) : default,
                Psks = psks,
            });
        using var responder = new HandshakeState(
            new HandshakeParts(protocol, false, new Chosen(Hex.Parse(ResponderEphemeral)))
            {
                Prologue = Hex.Parse(Prologue),
                Static = responderKeys,
                Psks = psks,
            });
        bool right = true;
        for (int i = 0; i < payloads.Length; i++)
        {
            byte[] buffer = new byte[256], read = new byte[256];
            HandshakeState sender = i % 2 == 0 ? initiator : responder;
            HandshakeState receiver = i % 2 == 0 ? responder : initiator;
            int length = sender.Write(Hex.Parse(payloads[i]), buffer);
            right &= receiver.TryRead(buffer.AsMemory(0, length), read, out int payload)
                && Hex.Format(read.AsSpan(0, payload)) == payloads[i];
        }

        right &= Hex.Format(initiator.Hash) == hash && Hex.Format(responder.Hash) == hash;
        initiator.Split(out CipherState forth, out CipherState back);
        byte[] text = Hex.Parse(message), sealedText = new byte[text.Length + CipherState.TagLength];
        right &= (fromInitiator ? forth : back).TryDecrypt(default, Hex.Parse(ciphertext), sealedText, out int opened)
            && Hex.Format(sealedText.AsSpan(0, opened)) == message;
        forth.Dispose();
        back.Dispose();
        responder.Split(out CipherState send, out CipherState receive);
        right &= (fromInitiator ? receive : send).TryEncrypt(default, text, sealedText, out _)
            && Hex.Format(sealedText) == ciphertext;
        send.Dispose();
        receive.Dispose();
        return right;
    }

    private sealed class Chosen(byte[] bytes) : IRandomSource
    {
        public void Fill(Span<byte> into) => bytes.AsSpan(0, into.Length).CopyTo(into);
    }
}
