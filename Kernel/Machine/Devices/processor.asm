; The processor's identification (Processor.cs).
bits 32

global HaukiCpuid

section .text

; ECX = leaf, EDX = where EAX, EBX, ECX and EDX go.
HaukiCpuid:
    push ebx
    push edi
    mov edi, edx
    mov eax, ecx
    xor ecx, ecx
    cpuid
    mov [edi], eax
    mov [edi + 4], ebx
    mov [edi + 8], ecx
    mov [edi + 12], edx
    pop edi
    pop ebx
    ret
