<?xml version="1.0" encoding="UTF-8"?>
<!--
  What the stylesheets of outcomes share. A stylesheet imports this file, says in $prefix and $namespace what document
  it makes, and matches "case", which holds the request, the decision, the service's wording, and the outcome whose
  place the new one takes, if there is one.
-->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:com="urn:egovdocs:common:1" xmlns:req="urn:egovdocs:request:1"
                exclude-result-prefixes="com req">
  <xsl:output method="xml" encoding="UTF-8"/>
  <xsl:strip-space elements="*"/>

  <xsl:variable name="request" select="/case/req:request"/>
  <xsl:variable name="decision" select="/case/com:decision"/>
  <xsl:variable name="service" select="/case/service"/>
  <xsl:variable name="former" select="/case/former/*"/>

  <!-- An element under the outcome's own prefix, with the text given. -->
  <xsl:template name="element">
    <xsl:param name="name"/>
    <xsl:param name="text"/>
    <xsl:element name="{$prefix}:{$name}" namespace="{$namespace}">
      <xsl:value-of select="$text"/>
    </xsl:element>
  </xsl:template>

  <!-- A copy of an element and all below it under the outcome's own prefix. -->
  <xsl:template match="*" mode="copy">
    <xsl:param name="name" select="local-name()"/>
    <xsl:element name="{$prefix}:{$name}" namespace="{$namespace}">
      <xsl:apply-templates select="node()" mode="copy"/>
    </xsl:element>
  </xsl:template>

  <!-- A wording of the service in Russian and Kazakh. -->
  <xsl:template match="*" mode="bilingual">
    <xsl:param name="name" select="local-name()"/>
    <xsl:element name="{$prefix}:{$name}" namespace="{$namespace}">
      <xsl:apply-templates select="ru | kk" mode="copy"/>
    </xsl:element>
  </xsl:template>

  <xsl:template name="provider">
    <xsl:param name="name" select="'provider'"/>
    <xsl:element name="{$prefix}:{$name}" namespace="{$namespace}">
      <xsl:call-template name="element">
        <xsl:with-param name="name" select="'bin'"/>
        <xsl:with-param name="text" select="$service/provider/@bin"/>
      </xsl:call-template>
      <xsl:apply-templates select="$service/provider/title" mode="bilingual">
        <xsl:with-param name="name" select="'name'"/>
      </xsl:apply-templates>
    </xsl:element>
  </xsl:template>

  <xsl:template name="signatory">
    <xsl:element name="{$prefix}:signatory" namespace="{$namespace}">
      <xsl:apply-templates select="$decision/com:signatory/com:name" mode="copy"/>
      <xsl:apply-templates select="$service/provider/position" mode="bilingual"/>
    </xsl:element>
  </xsl:template>

  <!-- The groups "beginning" and "ending" of outcome.xsd. -->
  <xsl:template name="beginning">
    <xsl:apply-templates select="$request/req:service | $request/req:action" mode="copy"/>
    <xsl:apply-templates select="$decision/com:number | $decision/com:date" mode="copy"/>
    <xsl:apply-templates select="$request/req:applicant" mode="copy"/>
  </xsl:template>

  <xsl:template name="ending">
    <xsl:call-template name="provider"/>
    <xsl:call-template name="signatory"/>
    <xsl:apply-templates select="$decision/com:request" mode="copy"/>
  </xsl:template>
</xsl:stylesheet>
