import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The contract as the code has it. */
export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Sluice')
    .setDescription(
      'A marketplace channel hub: orders in from every marketplace, one stock position out to all of them. ' +
        'Every route names its roles in `x-roles`; the root key may call each of them, for a seller by `Sluice-Seller`.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key of a seller, or the root key.' })
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Serves the contract at `/docs/json`, and readable at `/docs`. Call it before the app is initialised. */
export function configureConsole(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app), {
    jsonDocumentUrl: 'docs/json',
    yamlDocumentUrl: 'docs/yaml',
  });
}
