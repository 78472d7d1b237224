namespace HaukiOS.Conformance;

/// <summary>
/// The language and the runtime under it: objects, interfaces, generics, delegates, statics, arrays, casts.
/// </summary>
public static class LanguageCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        LanguageCasesObjects.AddTo(suite);
        LanguageCasesInterfaces.AddTo(suite);
        LanguageCasesGenerics.AddTo(suite);
        LanguageCasesDelegates.AddTo(suite);
        LanguageCasesStatics.AddTo(suite);
        LanguageCasesArrays.AddTo(suite);
        LanguageCasesTypes.AddTo(suite);
        LanguageCasesValues.AddTo(suite);
        LanguageCasesFlow.AddTo(suite);
    }
}
